import { NATIVE } from '../../ledger/oracles/oracle.js';
import { SALE_ENTRY } from '../../model/tables/saleEntry.js';
import type { AsOf } from '../../store/read/chains/asOf.js';
import { SALE_ENTRIES, type SaleEntryRecord } from '../../store/read/sales/saleEntries.js';
import type { SaleRecord } from '../../store/read/sales/sales.js';
import { SaleIdentityType, saleIdentity } from '../objects/identities.js';
import type { ApiContext } from '../request/context.js';
import { OrderDirection } from '../values/enums.js';
import { defineOperations } from './engine/defineOperations.js';
import { field, only, optional } from './engine/field.js';
import { ADDRESS, AMOUNT, SALE_ENTRY_KIND, SALE_KIND } from './engine/fieldKinds.js';
import { ownerLabel } from './engine/labels.js';
import { CHAIN_FILTER, PLACE_IN_TRANSACTION, TIME_FILTER } from './engine/operationFields.js';
import { type SaleScope, salesOf } from './sales.js';

const { columns } = SALE_ENTRY;

/** An entry, with its sale and the moment its list was read as of. */
export interface SaleEntryNode extends SaleEntryRecord {
  readonly saleRecord: SaleRecord;
  readonly asOf: AsOf;
}

/** The entries of all sales. */
export const SALE_ENTRY_LIST = defineOperations({
  name: 'SaleEntry',
  query: {
    name: 'saleEntries',
    text: 'What happened in sales: deposits, purchases, claims, refunds and so on.',
  },
  rows: 'entries of sales',
  type: { text: 'One movement of a sale, whatever its contract calls it.' },
  reader: SALE_ENTRIES,
  owners: {
    fields: {
      sale: { kind: ADDRESS, text: 'The sale.', of: ({ address }: SaleRecord) => address },
      token: { kind: ADDRESS, text: 'The token sold.', of: ({ token }: SaleRecord) => token },
      saleKind: {
        kind: SALE_KIND,
        text: 'What the sale works like.',
        of: ({ kind }: SaleRecord) => kind,
      },
      saleLabel: ownerLabel<SaleRecord>('sale'),
    },
    async ownersOf(
      context: ApiContext,
      chains: ReadonlyMap<number, AsOf>,
      // The filter has another field for the kind of an entry.
      filter: SaleScope,
    ): Promise<SaleRecord[]> {
      return (await salesOf(context, chains, filter)).map(({ sale }) => sale);
    },
  },
  toNode: (row, saleRecord, asOf): SaleEntryNode => ({ ...row, saleRecord, asOf }),
  fields: {
    ...PLACE_IN_TRANSACTION,
    kind: field(SALE_ENTRY_KIND, 'The kind of the entry, not of its sale.', columns.kind),
    participant: optional(
      ADDRESS,

      columns.participant,
    ),
    caller: optional(
      ADDRESS,

      columns.caller,
    ),
    raiseAmount: field(
      AMOUNT,
      'Units of the raise asset that were paid in or back; 0 if none.',
      columns.raiseAmount,
    ),
    tokenAmount: field(AMOUNT, 'Token units; 0 if none.', columns.tokenAmount),
  },
  labelled: ['participant', 'caller'],
  needs: { sale: [] },
  resolved: {
    sale: {
      shows: () => SaleIdentityType,
      text: 'Which sale. Its figures depend on the moment: `sale` has them.',
      resolve: ({ saleRecord }) => saleIdentity(saleRecord),
    },
  },
  value: {
    what: '`raiseAmount`',
    of: (entry) => ({
      place: { ...entry, asset: entry.saleRecord.raiseAsset ?? NATIVE },
      amount: entry.raiseAmount,
    }),
  },
  filter: {
    ...CHAIN_FILTER,
    token: only(ADDRESS, 'Only sales of this token.'),
    kind: only(
      SALE_KIND,
      'Only entries of sales of this kind; entryKind is the kind of the entry itself.',
    ),
    sale: 'Only in the sale at this address.',
    participant: 'Only of this account.',
    entryKind: only(SALE_ENTRY_KIND, 'Only entries of this kind.'),
    ...TIME_FILTER,
  },
  indexed: ['participant'],
  amount: 'raiseAmount',
  direction: OrderDirection.ASC,
});
