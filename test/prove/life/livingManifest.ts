import type { SeededRandom } from '../../../devnet/random.js';
import { ShuffleBag } from './bag.js';
import { CHANGE_KINDS, type ChangeKind } from './changeKinds.js';
import type { Item } from './inventory.js';

/** The config of the whole chain: final blocks below the head, and from where on it is read. */
interface Settings {
  readonly finality: number;
  readonly name: string;
}

/** Not below what nodes call final. */
const FINALITIES = [12, 14, 20];
const NAMES = ['living', 'alive', 'lively'];
const CHANGES_AT_LEAST = 3;
const CHANGES_AT_MOST = 5;

/** A config that changes: some of the items of an inventory, each in one of its variants. */
export class LivingManifest {
  /** Kinds of changes that were made. */
  readonly drawn: ShuffleBag<ChangeKind>;
  private readonly chosen = new Map<Item, number>();
  /** Were in the config once. */
  private readonly known = new Set<Item>();
  /** Changed since the config was last written. */
  private readonly touched = new Set<Item | keyof Settings>();
  private settings: Settings = { finality: FINALITIES[0] ?? 0, name: NAMES[0] ?? '' };

  /** About half of the items. */
  constructor(
    private readonly random: SeededRandom,
    private readonly inventory: readonly Item[],
  ) {
    this.drawn = new ShuffleBag(random, CHANGE_KINDS);
    for (const item of inventory) if (random.chance(50)) this.add(item);
    this.ensureToken();
  }

  /** Items that are in the config now. */
  get size(): number {
    return this.chosen.size;
  }

  /**
   * Changes some things, each of another kind.
   *
   * @param joins whether one of them must be a contract that comes, if any is absent
   * @returns what, in words
   */
  change(joins: boolean): string[] {
    const { random, drawn } = this;
    this.touched.clear();
    const changes: string[] = [];
    const isPossible = (kind: ChangeKind) => this.candidates(kind).length > 0;
    const comes = CHANGE_KINDS.filter((kind) => kind.isBooked && kind.does !== 'goes');
    if (joins && comes.some(isPossible)) {
      changes.push(...this.make(drawn.draw((kind) => comes.includes(kind) && isPossible(kind))));
    }
    const count = random.integer(CHANGES_AT_LEAST, CHANGES_AT_MOST);
    changes.push(...this.prepare());
    while (changes.length < count) changes.push(...this.make(drawn.draw(isPossible)));
    return [...changes, ...this.ensureToken()];
  }

  /** The chain's part of the file. */
  chain(): Readonly<Record<string, unknown>> {
    const lists: Record<string, unknown[]> = {};
    for (const [{ list, variants }, variant] of this.chosen) {
      lists[list] = [...(lists[list] ?? []), variants[variant]];
    }
    return { ...this.settings, ...lists };
  }

  /** What a change of this kind may concern now. */
  private candidates(kind: ChangeKind): readonly (Item | keyof Settings)[] {
    const { chosen, known, touched, inventory } = this;
    if (kind.does === 'sets') return touched.has(kind.setting) ? [] : [kind.setting];
    const items = inventory.filter(
      (item) => kind.lists.includes(item.list) && !touched.has(item) && this.isFree(item),
    );
    switch (kind.does) {
      case 'comes':
        return items.filter((item) => !chosen.has(item));
      case 'comes again':
        return items.filter((item) => !chosen.has(item) && known.has(item));
      case 'goes':
        return items.filter((item) => chosen.has(item));
      case 'varies':
        return items.filter((item) => this.others(item, kind.fields).length > 0);
    }
  }

  /** None of the items that come or go with it was touched. */
  private isFree({ name, needs }: Item): boolean {
    return [...this.touched].every(
      (one) => typeof one === 'string' || !(needs.includes(one.name) || one.needs.includes(name)),
    );
  }

  /** Adds what a kind of change needs that was never possible. */
  private prepare(): string[] {
    const { drawn, inventory, chosen } = this;
    for (const kind of CHANGE_KINDS) {
      if (kind.does !== 'varies' || drawn.counts.get(kind) !== 0) continue;
      if (this.candidates(kind).length > 0) continue;
      const absent = inventory.filter(
        (item) =>
          kind.lists.includes(item.list) &&
          !chosen.has(item) &&
          !this.touched.has(item) &&
          this.isFree(item) &&
          variantsOtherThan(item, 0, kind.fields).length > 0,
      );
      if (absent.length > 0) return this.add(this.random.pick(absent));
    }
    return [];
  }

  private make(kind: ChangeKind): string[] {
    const one = this.random.pick(this.candidates(kind));
    this.touched.add(one);
    if (typeof one === 'string') return this.set(one);
    if (kind.does === 'goes') return this.remove(one);
    return kind.does === 'varies' ? this.vary(one, kind.fields) : this.add(one);
  }

  private set(setting: keyof Settings): string[] {
    const { random, settings } = this;
    const other = <Value>(values: readonly Value[], now: Value) =>
      random.pick(values.filter((value) => value !== now));
    this.settings =
      setting === 'name'
        ? { ...settings, name: other(NAMES, settings.name) }
        : { ...settings, finality: other(FINALITIES, settings.finality) };
    return [`${setting} ${this.settings[setting]}`];
  }

  private add(item: Item): string[] {
    if (this.chosen.has(item)) return [];
    const needed = this.inventory.filter(({ name }) => item.needs.includes(name));
    const before = needed.flatMap((other) => this.add(other));
    this.chosen.set(item, this.random.integer(0, item.variants.length - 1));
    const again = this.known.has(item) ? ' again' : '';
    this.known.add(item);
    this.touched.add(item);
    return [...before, `add ${item.name}${again}`];
  }

  private remove(item: Item): string[] {
    this.chosen.delete(item);
    this.touched.add(item);
    const needing = [...this.chosen.keys()].filter(({ needs }) => needs.includes(item.name));
    return [`remove ${item.name}`, ...needing.flatMap((other) => this.remove(other))];
  }

  private vary(item: Item, fields: readonly string[]): string[] {
    const next = this.random.pick(this.others(item, fields));
    this.chosen.set(item, next);
    return [`${item.name} becomes ${JSON.stringify(item.variants[next])}`];
  }

  /** Variants of an item of the config that differ from its own in one of the fields. */
  private others(item: Item, fields: readonly string[]): number[] {
    const now = this.chosen.get(item);
    return now === undefined ? [] : variantsOtherThan(item, now, fields);
  }

  /** The last token may leave only for another one. */
  private ensureToken(): string[] {
    const tokens = this.inventory.filter(({ list }) => list === 'tokens');
    return tokens.some((token) => this.chosen.has(token)) ? [] : this.add(this.random.pick(tokens));
  }
}

/** Places of the variants that differ from one in some field. */
function variantsOtherThan({ variants }: Item, one: number, fields: readonly string[]): number[] {
  const textOf = (variant: Readonly<Record<string, unknown>> | undefined) =>
    JSON.stringify(fields.map((field) => variant?.[field]));
  const own = textOf(variants[one]);
  return variants.flatMap((variant, place) => (textOf(variant) === own ? [] : place));
}
