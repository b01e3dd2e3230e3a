import { type Address, checksummed } from '../../address.js';
import { momentInBooks } from '../../books/archiveMark.js';
import { ImoError } from '../../errors.js';
import type { AsOf } from '../../store/read/chains/asOf.js';
import { readSales, type SaleRecord } from '../../store/read/sales/sales.js';
import { EMPTY_SALE_VERSION, type SaleVersion } from '../../store/read/sales/saleVersions.js';
import { type SaleNode, saleNode, saleState } from '../objects/sales/sale.js';
import type { ApiContext } from '../request/context.js';
import { readShared } from '../request/sharedRead.js';
import type { Connection } from './engine/connection.js';
import { defineMemoryList } from './engine/defineMemoryList.js';
import { ADDRESS, AMOUNT, BLOCK, SALE_KIND, SALE_STATE, TEXT } from './engine/fieldKinds.js';
import { unknownContract } from './engine/knownOwners.js';
import { CHAIN_FILTER } from './engine/operationFields.js';
import { assertBounded } from './engine/whereBounds.js';

const FIGURE = { kind: AMOUNT, isFigure: true };

/** The selected sales. */
export interface SaleScope {
  readonly sale?: Address | null;
  readonly token?: Address | null;
  readonly kind?: string | null;
}

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
 * @throws ImoError `UNKNOWN_SALE`, or `BEFORE_START` if it was not deployed yet
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
 * @throws ImoError `UNKNOWN_SALE` if no sale of the chains has the given address
 */
export async function salesOf(
  context: ApiContext,
  chains: ReadonlyMap<number, AsOf>,
  filter: SaleScope | null | undefined,
): Promise<SaleMoment[]> {
  const indexed = (await allSales(context)).filter(
    ({ chainId, address }) => chains.has(chainId) && address === (filter?.sale ?? address),
  );
  if (filter?.sale != null && indexed.length === 0) throw unknownSale(filter.sale);
  await assertKnownToken(context, indexed, filter?.token);
  return indexed.flatMap((sale) => {
    const asOf = chains.get(sale.chainId);
    const isWanted =
      sale.kind === (filter?.kind ?? sale.kind) && sale.token === (filter?.token ?? sale.token);
    return asOf === undefined || !isWanted || sale.startBlock > asOf.block
      ? []
      : [{ sale, asOf: momentInBooks(sale, asOf) }];
  });
}

/** @throws ImoError `UNKNOWN_CONTRACT` if it is neither sold nor indexed */
async function assertKnownToken(
  { books }: ApiContext,
  sales: readonly SaleRecord[],
  token: Address | null | undefined,
): Promise<void> {
  if (token == null || sales.some((sale) => sale.token === token)) return;
  if ((await books.tokens()).some(({ address }) => address === token)) return;
  throw unknownContract('token', token);
}

interface Row extends SaleMoment {
  readonly version: SaleVersion;
}

const indexedAt = ({ sale }: Row) => [BigInt(sale.number)];

export const SALE_LIST = defineMemoryList({
  name: 'Sale',
  rows: 'sales',
  toNode: ({ sale, asOf }: Row) => saleNode(sale, asOf),
  keyOf: indexedAt,
  fields: {
    chainId: { kind: BLOCK, text: 'EIP-155 chain id.', of: ({ sale }: Row) => sale.chainId },
    address: {
      kind: ADDRESS,
      text: 'The contract of the sale.',
      of: ({ sale }: Row) => sale.address,
    },
    kind: { kind: SALE_KIND, text: 'What it works like.', of: ({ sale }: Row) => sale.kind },
    label: {
      kind: TEXT,
      text: 'Its name in imo.yaml, if it has one.',
      of: ({ sale }: Row) => sale.label,
    },
    token: { kind: ADDRESS, text: 'The token sold.', of: ({ sale }: Row) => sale.token },
    raiseAsset: {
      kind: ADDRESS,
      text: "The ERC-20 raised; no value for the chain's own coin.",
      of: ({ sale }: Row) => sale.raiseAsset,
    },
    target: {
      kind: AMOUNT,
      text: 'What must be raised for a success.',
      of: ({ sale }: Row) => sale.terms?.target ?? null,
    },
    tokensForSale: {
      kind: AMOUNT,
      text: 'Token units that a success shares out.',
      of: ({ sale }: Row) => sale.terms?.tokensForSale ?? null,
    },
    startsAtSeconds: {
      kind: AMOUNT,
      text: 'First second in which it takes deposits, unix time.',
      of: ({ sale }: Row) => sale.startsAt,
    },
    endsAtSeconds: {
      kind: AMOUNT,
      text: 'First second in which it takes none any more, unix time.',
      of: ({ sale }: Row) => sale.endsAt,
    },
    startBlock: {
      kind: BLOCK,
      text: 'First indexed block.',
      of: ({ sale }: Row) => sale.startBlock,
    },
    state: {
      kind: SALE_STATE,
      text: 'How far it is.',
      of: ({ sale, version }: Row) => saleState(sale.terms, version.state),
      isFigure: true,
    },
    raised: {
      ...FIGURE,
      text: 'Paid in, refunded or not, raise units.',
      of: ({ version }: Row) => version.state.raised,
    },
    refunded: {
      ...FIGURE,
      text: 'Paid back as refunds, raise units.',
      of: ({ version }: Row) => version.state.refunded,
    },
    claimed: {
      ...FIGURE,
      text: 'Token units paid out to participants.',
      of: ({ version }: Row) => version.state.claimed,
    },
    sold: {
      ...FIGURE,
      text: 'Token units sold back to the sale.',
      of: ({ version }: Row) => version.state.sold,
    },
    proceeds: {
      ...FIGURE,
      text: 'What it paid for those, raise units.',
      of: ({ version }: Row) => version.state.proceeds,
    },
    participantCount: {
      kind: BLOCK,
      text: 'Accounts that took part by then.',
      of: ({ version }: Row) => version.participants,
      isFigure: true,
    },
  },
  orders: {
    INDEXED: { text: 'The order in which we began to index them.', of: indexedAt },
    RAISED: {
      text: 'Paid in by deposits and purchases, refunded or not, raise units.',
      of: ({ version }: Row) => [version.state.raised],
    },
    PARTICIPANTS: {
      text: 'Number of accounts that took part.',
      of: ({ version }: Row) => [BigInt(version.participants)],
    },
  },
  filter: {
    ...CHAIN_FILTER,
    token: 'Only sales of this token.',
    kind: 'Only this kind.',
  },
});

export type SalesArgs = InstanceType<typeof SALE_LIST.Args>;

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
  assertBounded(args.where);
  context.budget.spendPage();
  const chains = await context.books.asOfChains(args.filter?.chainId, args.at);
  const moments = await salesOf(context, chains, args.filter);
  const rows = moments.map((moment): Row => ({ ...moment, version: EMPTY_SALE_VERSION }));
  return SALE_LIST.page(rows, [...chains.values()], args, async (row) => {
    const key = { saleNumber: row.sale.number, block: row.asOf.block };
    return { ...row, version: await context.loaders.saleVersion.load(key) };
  });
}

function unknownSale(address: Address): ImoError {
  return new ImoError(
    'UNKNOWN_SALE',
    `${checksummed(address)} is not an indexed sale`,
    'The query `sales` lists those that are; add it to imo.yaml to index it.',
  );
}
