import { type Address, checksummed } from '../address.js';
import { ImoError } from '../errors.js';
import type { AsOf } from '../store/read/asOf.js';
import { compareValues, readKeysetPage, sortedList } from '../store/read/keysetPage.js';
import { readSales, type SaleRecord } from '../store/read/sales.js';
import { type Connection, connection } from './connection.js';
import type { ApiContext } from './context.js';
import type { CursorCodec } from './cursor.js';
import { pageRequest } from './pagination.js';
import type { SaleFilterInput, SalesArgs } from './saleInputs.js';
import { readShared } from './sharedRead.js';
import { type SaleNode, saleNode } from './types/sale.js';

/** A sale at a moment. */
export interface SaleMoment {
  readonly sale: SaleRecord;
  readonly asOf: AsOf;
}

/** All indexed sales, read once for each request. */
export function allSales(context: ApiContext): Promise<readonly SaleRecord[]> {
  return readShared(context, ['all sales'], () => readSales(context.db));
}

/**
 * One sale at a moment.
 *
 * @throws ImoError `UNKNOWN_SALE`, or `BEFORE_START` if it was not yet deployed.
 */
export async function saleAt(
  context: ApiContext,
  address: Address,
  asOf: AsOf,
): Promise<SaleRecord> {
  const sale = (await allSales(context)).find(
    (candidate) => candidate.chainId === asOf.chainId && candidate.address === address,
  );
  if (sale === undefined) throw unknownSale(address);
  if (sale.startBlock > asOf.block) {
    throw new ImoError(
      'BEFORE_START',
      `sale ${checksummed(address)} is indexed from block ${sale.startBlock}; the question is about block ${asOf.block}`,
      `Ask about block ${sale.startBlock} or later.`,
    );
  }
  return sale;
}

/**
 * The sales that were deployed by the moment and pass the filter.
 *
 * @throws ImoError `UNKNOWN_SALE` if an address is given that no sale of the chains has.
 */
export async function salesOf(
  context: ApiContext,
  chains: ReadonlyMap<number, AsOf>,
  filter: (SaleFilterInput & { readonly sale?: Address | null }) | null | undefined,
): Promise<SaleMoment[]> {
  const indexed = (await allSales(context)).filter(
    ({ chainId, address }) => chains.has(chainId) && address === (filter?.sale ?? address),
  );
  if (filter?.sale != null && indexed.length === 0) throw unknownSale(filter.sale);
  return indexed.flatMap((sale) => {
    const asOf = chains.get(sale.chainId);
    const isWanted =
      sale.kind === (filter?.kind ?? sale.kind) && sale.token === (filter?.token ?? sale.token);
    return asOf === undefined || !isWanted || sale.startBlock > asOf.block ? [] : [{ sale, asOf }];
  });
}

/** Sales in the order of first indexing. */
const SALE_CURSOR: CursorCodec<number> = {
  list: 'sales',
  encode: (number) => [number],
  decode: ([number = '']) => (/^\d{1,9}$/.test(number) ? Number(number) : null),
};

/**
 * A page of the indexed sales. There are few, so they are ordered in memory.
 *
 * @throws ImoError `UNKNOWN_CHAIN`, `BAD_AT`, `BLOCK_NOT_INDEXED` or `QUERY_TOO_LARGE`;
 *   GraphQLError `BAD_PAGE` or `BAD_CURSOR`.
 */
export async function saleList(
  context: ApiContext,
  args: SalesArgs,
): Promise<Connection<SaleNode>> {
  const request = pageRequest(args, SALE_CURSOR);
  context.budget.spendPage();
  const chains = await context.books.asOfChains(args.filter?.chainId, args.at);
  const rows = await salesOf(context, chains, args.filter);
  const keyOf = ({ sale }: SaleMoment) => sale.number;
  return connection({
    page: await readKeysetPage(sortedList(rows, keyOf, compareValues), request),
    codec: SALE_CURSOR,
    asOf: [...chains.values()],
    keyOf,
    toNode: ({ sale, asOf }) => saleNode(sale, asOf),
    count: async () => rows.length,
  });
}

function unknownSale(address: Address): ImoError {
  return new ImoError(
    'UNKNOWN_SALE',
    `${checksummed(address)} is not an indexed sale`,
    'The query `sales` lists those that are; add it to imo.yaml to index it.',
  );
}
