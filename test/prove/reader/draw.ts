import type { SeededRandom } from '../../../devnet/random.js';
import type { Address } from '../../../src/address.js';
import type { Clock } from './clock.js';
import {
  blockMoment,
  drawMoment,
  MOMENT_KINDS,
  type MomentKind,
  type ReaderMoment,
} from './moments.js';
import type { ReaderWorld, WorldToken } from './world.js';

/** What every surface is asked about. */
export interface Draw {
  readonly token: WorldToken;
  /** Some who have the token, and perhaps somebody who never had. */
  readonly holders: readonly Address[];
  /** The window is what came later than this, */
  readonly after: ReaderMoment;
  /** until this. */
  readonly until: ReaderMoment;
  readonly currency: string;
}

const HOLDERS_AT_MOST = 4;
/** A draw from the middle of nowhere, who never had any token. */
const STRANGER: Address = '0x00000000000000000000000000000000000f00d5';

/** Draws tokens, holders, moments and currencies; every kind of moment, and every currency, comes before one comes again. */
export class Drawer {
  private readonly random: SeededRandom;
  private kinds: MomentKind[] = [];
  private currencies: string[] = [];

  constructor(
    private readonly world: ReaderWorld,
    private readonly clock: Clock,
    random: SeededRandom,
  ) {
    this.random = random;
  }

  async draw(): Promise<Draw> {
    const { random, world } = this;
    const token = random.pick(world.tokens);
    return this.ofToken(token, this.someOf(token.holders), this.nextKind());
  }

  /** All that came since the token began, of those that the subscriptions follow. */
  async followed(): Promise<Draw> {
    const { clock, random, world } = this;
    const { token, holders } = world.followed;
    const [currency = ''] = world.currencies;
    const until = await drawMoment(clock, random, 'head', token.startBlock);
    return { token, holders, after: blockMoment(token.startBlock), until, currency };
  }

  private async ofToken(
    token: WorldToken,
    holders: readonly Address[],
    kind: MomentKind,
  ): Promise<Draw> {
    const { random, clock } = this;
    const first = token.startBlock;
    const moments = [
      await drawMoment(clock, random, kind, first),
      await drawMoment(clock, random, random.pick(MOMENT_KINDS), first),
    ] as const;
    // A range may begin with what comes after its newest block nowhere.
    const [one, other] = moments;
    const isInOrder = one.block > other.block;
    const [after, until] = isInOrder ? [other, one] : [one, other];
    if (after.block === until.block || after.block === clock.head) {
      return this.ofToken(token, holders, kind);
    }
    return { token, holders, after, until, currency: this.nextCurrency() };
  }

  private someOf(holders: readonly Address[]): Address[] {
    const { random } = this;
    const count = random.integer(1, HOLDERS_AT_MOST);
    const chosen = new Set(Array.from({ length: count }, () => random.pick(holders)));
    if (random.chance(20)) chosen.add(STRANGER);
    return [...chosen];
  }

  private nextCurrency(): string {
    if (this.currencies.length === 0) this.currencies = [...this.world.currencies];
    const currency = this.random.pick(this.currencies);
    this.currencies = this.currencies.filter((other) => other !== currency);
    return currency;
  }

  private nextKind(): MomentKind {
    if (this.kinds.length === 0) this.kinds = [...MOMENT_KINDS];
    const kind = this.random.pick(this.kinds);
    this.kinds = this.kinds.filter((other) => other !== kind);
    return kind;
  }
}
