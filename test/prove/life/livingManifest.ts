import type { SeededRandom } from '../../../devnet/random.js';
import type { Item } from './inventory.js';

/** The config of the whole chain: final blocks below the head, and from where on it is read. */
interface Settings {
  readonly finality: number;
  readonly name: string;
}

/** Not below what nodes call final. */
const FINALITIES = [12, 14, 20];
/** Lists whose entries have books of their own. */
const BOOKED: ReadonlySet<string> = new Set(['tokens', 'oracles', 'collections', 'sales']);
const NAMES = ['living', 'alive'];

/** A config that changes: some of the items of an inventory, each in one of its variants. */
export class LivingManifest {
  private readonly chosen = new Map<Item, number>();
  private settings: Settings = { finality: FINALITIES[0] ?? 0, name: NAMES[0] ?? '' };

  /** About half of the items. */
  constructor(
    private readonly random: SeededRandom,
    private readonly inventory: readonly Item[],
  ) {
    for (const item of inventory) if (random.chance(50)) this.add(item);
    this.ensureToken();
  }

  /** Items that are in the config now. */
  get size(): number {
    return this.chosen.size;
  }

  /**
   * Changes one to three things.
   *
   * @param joins whether one of them must be a contract that comes, if any is absent
   * @returns what, in words
   */
  change(joins: boolean): string[] {
    const { random, inventory, chosen } = this;
    const changes = Array.from({ length: random.integer(1, 3) }, () => this.changeOne());
    const absent = inventory.filter((item) => BOOKED.has(item.list) && !chosen.has(item));
    if (joins && absent.length > 0) changes.push(this.add(this.pick(absent)));
    changes.push(this.ensureToken());
    return changes.flat();
  }

  /** The chain's part of the file. */
  chain(): Readonly<Record<string, unknown>> {
    const lists: Record<string, unknown[]> = {};
    for (const [{ list, variants }, variant] of this.chosen) {
      lists[list] = [...(lists[list] ?? []), variants[variant]];
    }
    return { ...this.settings, ...lists };
  }

  private changeOne(): string[] {
    const { random, inventory, chosen } = this;
    const there = inventory.filter((item) => chosen.has(item));
    const absent = inventory.filter((item) => !chosen.has(item));
    const kind = random.integer(0, 99);
    if (kind < 40 && absent.length > 0) return this.add(this.pick(absent));
    if (kind < 65 && there.length > 1) return this.remove(this.pick(there));
    const changeable = there.filter(({ variants }) => variants.length > 1);
    if (kind < 90 && changeable.length > 0) return this.vary(this.pick(changeable));
    const finality = random.pick(FINALITIES);
    this.settings = { finality, name: random.pick(NAMES) };
    return [`finality ${finality}, name ${this.settings.name}`];
  }

  /** Each list as often as any other, however long it is. */
  private pick(items: readonly Item[]): Item {
    const list = this.random.pick([...new Set(items.map((item) => item.list))]);
    return this.random.pick(items.filter((item) => item.list === list));
  }

  private add(item: Item): string[] {
    if (this.chosen.has(item)) return [];
    const needed = this.inventory.filter(({ name }) => item.needs.includes(name));
    const before = needed.flatMap((other) => this.add(other));
    this.chosen.set(item, this.random.integer(0, item.variants.length - 1));
    return [...before, `add ${item.name}`];
  }

  private remove(item: Item): string[] {
    this.chosen.delete(item);
    const needing = [...this.chosen.keys()].filter(({ needs }) => needs.includes(item.name));
    return [`remove ${item.name}`, ...needing.flatMap((other) => this.remove(other))];
  }

  private vary(item: Item): string[] {
    const now = this.chosen.get(item) ?? 0;
    const others = item.variants.map((_, place) => place).filter((place) => place !== now);
    const next = this.random.pick(others);
    this.chosen.set(item, next);
    return [`${item.name} becomes ${JSON.stringify(item.variants[next])}`];
  }

  /** The last token may leave only for another one. */
  private ensureToken(): string[] {
    const tokens = this.inventory.filter(({ list }) => list === 'tokens');
    return tokens.some((token) => this.chosen.has(token)) ? [] : this.add(this.random.pick(tokens));
  }
}
