import { type Address, checksummed } from '../../address.js';
import { ImoError } from '../../errors.js';
import type { AsOf } from '../../store/read/chains/asOf.js';
import type { WhereGetters } from '../../store/read/query/wherePasses.js';
import { readSales, type SaleRecord } from '../../store/read/sales/sales.js';
import { EMPTY_SALE_VERSION, type SaleVersion } from '../../store/read/sales/saleVersions.js';
import { type SaleNode, saleNode, saleState } from '../objects/sales/sale.js';
import type { ApiContext } from '../request/context.js';
import { readShared } from '../request/sharedRead.js';
import { SaleOrderBy } from '../values/saleEnums.js';
import type { Connection } from './engine/connection.js';
import { memoryList, mentions } from './engine/memoryList.js';
import { assertBounded } from './engine/whereBounds.js';
import type { SaleFields } from './inputs/listFields.js';
import type { SaleFilterInput, SalesArgs } from './inputs/saleInputs.js';

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

interface Row extends SaleMoment {
  readonly version: SaleVersion;
}

const FIGURES = {
  state: ({ sale, version }: Row) => saleState(sale.terms, version.state),
  raised: ({ version }: Row) => version.state.raised,
  refunded: ({ version }: Row) => version.state.refunded,
  claimed: ({ version }: Row) => version.state.claimed,
  sold: ({ version }: Row) => version.state.sold,
  proceeds: ({ version }: Row) => version.state.proceeds,
  participantCount: ({ version }: Row) => version.participants,
};

const GETTERS: WhereGetters<Row, SaleFields> = {
  ...FIGURES,
  chainId: ({ sale }) => sale.chainId,
  address: ({ sale }) => sale.address,
  kind: ({ sale }) => sale.kind,
  label: ({ sale }) => sale.label,
  token: ({ sale }) => sale.token,
  raiseAsset: ({ sale }) => sale.raiseAsset,
  target: ({ sale }) => sale.terms?.target ?? null,
  tokensForSale: ({ sale }) => sale.terms?.tokensForSale ?? null,
  startsAtSeconds: ({ sale }) => sale.startsAt,
  endsAtSeconds: ({ sale }) => sale.endsAt,
  startBlock: ({ sale }) => sale.startBlock,
};

const FIGURE_NAMES = new Set(Object.keys(FIGURES));

/**
 * A page of the indexed sales. There are few, so they are ordered in memory.
 *
 * @throws ImoError `UNKNOWN_CHAIN`, `BAD_AT`, `BLOCK_NOT_INDEXED` or `QUERY_TOO_LARGE`;
 *   GraphQLError `WHERE_TOO_LARGE`, `BAD_PAGE` or `BAD_CURSOR`.
 */
export async function saleList(
  context: ApiContext,
  args: SalesArgs,
): Promise<Connection<SaleNode>> {
  const { where, orderBy } = args;
  assertBounded(where);
  context.budget.spendPage();
  const chains = await context.books.asOfChains(args.filter?.chainId, args.at);
  const moments = await salesOf(context, chains, args.filter);
  const needsFigures = orderBy !== SaleOrderBy.INDEXED || mentions(where, FIGURE_NAMES);
  const rows = await Promise.all(
    moments.map(async ({ sale, asOf }): Promise<Row> => {
      const key = { saleNumber: sale.number, block: asOf.block };
      const version = needsFigures
        ? await context.loaders.saleVersion.load(key)
        : EMPTY_SALE_VERSION;
      return { sale, asOf, version };
    }),
  );
  return memoryList(
    {
      list: `sales:${orderBy}`,
      rows,
      getters: GETTERS,
      keyOf: (row) => [figureOf(row, orderBy), BigInt(row.sale.number)],
      asOf: [...chains.values()],
      toNode: ({ sale, asOf }) => saleNode(sale, asOf),
    },
    args,
  );
}

function figureOf(row: Row, orderBy: SaleOrderBy): bigint {
  switch (orderBy) {
    case SaleOrderBy.RAISED:
      return FIGURES.raised(row);
    case SaleOrderBy.PARTICIPANTS:
      return BigInt(FIGURES.participantCount(row));
    case SaleOrderBy.INDEXED:
      return BigInt(row.sale.number);
  }
}

function unknownSale(address: Address): ImoError {
  return new ImoError(
    'UNKNOWN_SALE',
    `${checksummed(address)} is not an indexed sale`,
    'The query `sales` lists those that are; add it to imo.yaml to index it.',
  );
}
