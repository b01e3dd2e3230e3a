import type { AsOf } from '../../../store/read/chains/asOf.js';
import type { Where } from '../../../store/read/query/where.js';

/** What a question names, and the moments that it is about. */
export interface AskedIds {
  readonly filter: object;
  readonly where: Where<object> | null | undefined;
  readonly chains: ReadonlyMap<number, AsOf>;
}
