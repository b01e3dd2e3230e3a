import {
  countSaleEntries,
  readSaleEntryPage,
  type SaleEntryQuery,
} from '../store/read/saleEntries.js';
import { type Connection, connection } from './connection.js';
import type { ApiContext } from './context.js';
import type { CursorCodec } from './cursor.js';
import { pageRequest } from './pagination.js';
import type { SaleEntriesArgs } from './saleInputs.js';
import { salesOf } from './saleList.js';
import type { SaleEntryNode } from './types/saleEntry.js';

/** Entries by row id. */
const ENTRY_CURSOR: CursorCodec<string> = {
  list: 'sale entries',
  encode: (id) => [id],
  decode: ([id = '']) => (/^\d{4,}-\d{10}-\d{6}$/.test(id) ? id : null),
};

/**
 * A page of the entries of sales.
 *
 * @throws ImoError `UNKNOWN_SALE`, `QUERY_TOO_LARGE` and those of `asOfChains`; GraphQLError
 *   `BAD_PAGE` or `BAD_CURSOR`.
 */
export async function saleEntryList(
  context: ApiContext,
  args: SaleEntriesArgs,
): Promise<Connection<SaleEntryNode>> {
  const { db, books, budget } = context;
  const { filter, direction } = args;
  const request = pageRequest(args, ENTRY_CURSOR);
  budget.spendPage();
  const chains = await books.asOfChains(filter?.chainId, args.at);
  const moments = await salesOf(context, chains, filter);
  const query: SaleEntryQuery = {
    sales: moments.map(({ sale, asOf }) => ({ saleNumber: sale.number, block: asOf.block })),
    participant: filter?.participant ?? null,
    kind: filter?.entryKind ?? null,
    direction,
  };
  const byNumber = new Map(moments.map((moment) => [moment.sale.number, moment]));
  return connection({
    page: await readSaleEntryPage(db, query, request),
    codec: ENTRY_CURSOR,
    asOf: [...chains.values()],
    keyOf: ({ id }) => id,
    toNode(row) {
      const moment = byNumber.get(row.saleNumber);
      if (moment === undefined) throw new RangeError(`a row of sale ${row.saleNumber}, unasked`);
      return { ...row, saleRecord: moment.sale, asOf: moment.asOf };
    },
    count: () => countSaleEntries(db, query),
  });
}
