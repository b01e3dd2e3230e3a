import type { Address } from '../address.js';
import type { AsOf } from '../store/read/asOf.js';
import { compareValues } from '../store/read/keysetPage.js';
import {
  type Operation,
  type OperationColumns,
  type OperationKind,
  operationKey,
} from '../store/read/operation.js';
import { readOperationPage, readOperationPageByAmount } from '../store/read/operationPage.js';
import { countOperations } from '../store/read/operationSelect.js';
import { readOperationWindows } from '../store/read/operationWindows.js';
import { type Connection, connection } from './connection.js';
import type { ApiContext } from './context.js';
import { amountCursor, chainCursor } from './cursor.js';
import { OperationOrderBy, type OrderDirection } from './enums.js';
import type { OperationFilter } from './filters.js';
import type { AtInput, PageArgs } from './inputs.js';
import { pageRequest } from './pagination.js';
import type { OperationNode } from './types/operations.js';

/** The arguments of a list of operations. */
export interface OperationListArgs<Filter> extends PageArgs {
  readonly filter?: (OperationFilter & Filter) | null;
  readonly orderBy: OperationOrderBy;
  readonly direction: OrderDirection;
  readonly at?: AtInput | null;
}

/**
 * A page of operations of one kind.
 *
 * @param noFilter the filter that lets everything through.
 * @throws ImoError `UNKNOWN_CHAIN`, `UNKNOWN_TOKEN`, `UNKNOWN_ASSET`, `NOTHING_INDEXED`, `BAD_AT`,
 *   `BLOCK_NOT_INDEXED` or `QUERY_TOO_LARGE`; GraphQLError `BAD_PAGE` or `BAD_CURSOR`.
 */
export async function operationList<
  Columns extends OperationColumns,
  Row extends Operation,
  Filter extends object,
>(
  context: ApiContext,
  kind: OperationKind<Columns, Row, Filter>,
  args: OperationListArgs<Filter>,
  noFilter: Filter,
): Promise<Connection<OperationNode<Row>>> {
  const { books, db, budget } = context;
  const filter = args.filter ?? noFilter;
  const scope: OperationFilter & { readonly asset?: Address | null } = args.filter ?? {};
  await books.assertIndexed();
  const asOf = await books.asOfChains(scope.chainId, args.at);
  const inAsset = await books.booksIn(scope.asset, await books.tokensOf(asOf, scope.token));
  const bookNumbered = new Map(inAsset.map((book) => [book.number, book]));
  const windows = await readOperationWindows(db, {
    tokens: inAsset.map(({ number, token }) => ({ number, chainId: token.chainId })),
    asOf,
    block: scope.block,
    timestamp: scope.timestamp,
  });
  const query = { windows, filter, direction: args.direction };
  budget.spendPage();
  const source = {
    asOf: [...asOf.values()].toSorted((left, right) => compareValues(left.chainId, right.chainId)),
    toNode(row: Row) {
      const { token, asset = null } = bookNumbered.get(row.tokenNumber) ?? {};
      const tokenNumber = token?.number ?? row.tokenNumber;
      // An entry of the journal names its asset itself.
      return { asset, ...row, tokenNumber, asOf: momentOf(asOf, row) };
    },
    count: () => countOperations(db, kind, query),
  };
  if (args.orderBy === OperationOrderBy.AMOUNT) {
    const codec = amountCursor(kind.table);
    const page = await readOperationPageByAmount(db, kind, query, pageRequest(args, codec));
    const keyOf = (row: Row) => ({ amount: kind.amountOf(row), id: row.id });
    return connection({ ...source, page, codec, keyOf });
  }
  const codec = chainCursor(kind.table);
  const page = await readOperationPage(db, kind, query, pageRequest(args, codec));
  return connection({ ...source, page, codec, keyOf: operationKey });
}

function momentOf(asOf: ReadonlyMap<number, AsOf>, { chainId }: Operation): AsOf {
  const moment = asOf.get(chainId);
  if (moment === undefined) throw new RangeError(`a row of chain ${chainId} was not asked for`);
  return moment;
}
