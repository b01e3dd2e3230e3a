import type { Address } from '../../address.js';
import type { AsOf } from '../../store/read/chains/asOf.js';
import {
  SALE_ENTRIES,
  SALE_ENTRY_COLUMNS,
  type SaleEntryRecord,
} from '../../store/read/sales/saleEntries.js';
import type { SaleRecord } from '../../store/read/sales/sales.js';
import type { SaleEntryNode } from '../objects/sales/saleEntry.js';
import type { ApiContext } from '../request/context.js';
import type { SaleFilterInput } from './inputs/saleInputs.js';
import { salesOf } from './sales.js';

/** The entries of all sales. */
export const SALE_ENTRY_SET = {
  kind: SALE_ENTRIES,
  columns: SALE_ENTRY_COLUMNS,
  ownerFields: {
    sale: ({ address }: SaleRecord) => address,
    token: ({ token }: SaleRecord) => token,
    saleKind: ({ kind }: SaleRecord) => kind,
  },
  indexed: ['participant'],

  async ownersOf(
    context: ApiContext,
    chains: ReadonlyMap<number, AsOf>,
    // The kind of an entry is another field of the filter.
    filter: SaleFilterInput & { readonly sale?: Address | null },
  ): Promise<SaleRecord[]> {
    return (await salesOf(context, chains, filter)).map(({ sale }) => sale);
  },

  toNode: (row: SaleEntryRecord, saleRecord: SaleRecord, asOf: AsOf): SaleEntryNode => ({
    ...row,
    saleRecord,
    asOf,
  }),
} as const;
