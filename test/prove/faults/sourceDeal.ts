import type { SeededRandom } from '../../../devnet/random.js';
import type { FinderKind } from '../../../src/config/source/finderKinds.js';

/** Ways to read final blocks under faults; `all`: dealt in turn, in an order of the seed. */
export const FAULT_SOURCES = [
  'all',
  'portal',
  'gateway',
  'ranges',
  'state',
  'cache',
  'blocks',
] as const;

export type FaultSource = (typeof FAULT_SOURCES)[number];
export type DealtSource = Exclude<FaultSource, 'all'>;

/** Each of them, and the cache as often as it takes to read again what was kept. */
const TURN: readonly DealtSource[] = ['portal', 'cache', 'gateway', 'ranges', 'cache', 'state'];

/** Deals the ways to read final blocks. */
export class DealtSources {
  private readonly turn: DealtSource[] = [];

  constructor(
    private readonly source: FaultSource,
    private readonly random: SeededRandom,
  ) {}

  next(): DealtSource {
    if (this.source !== 'all') return this.source;
    if (this.turn.length === 0) this.turn.push(...this.random.shuffled(TURN));
    const [next = 'blocks'] = this.turn.splice(0, 1);
    return next;
  }

  /** A service alone leaves the nodes for the minutes in which it fails. */
  meaningOf(name: DealtSource): {
    readonly finders: readonly FinderKind[];
    readonly hasCache: boolean;
  } {
    if (name === 'cache') {
      const finders = this.random.pick([['ranges'], ['state'], ['portal', 'ranges']] as const);
      return { finders, hasCache: true };
    }
    const isService = name === 'portal' || name === 'gateway';
    const behind: FinderKind[] = isService && this.random.chance(50) ? ['ranges', 'state'] : [];
    return { finders: [name, ...behind], hasCache: false };
  }
}
