import type { Address } from '../../address.js';
import { endOfBooks } from '../../books/archiveMark.js';
import { type AskedRange } from '../../books/askedRange.js';
import { RequestBooks } from '../../books/requestBooks.js';
import { ImoError } from '../../errors.js';
import type { AsOf } from '../../store/read/chains/asOf.js';
import { readIndexedTokens } from '../../store/read/chains/indexedTokens.js';
import { readPriceRoutes } from '../../store/read/prices/priceRoutes.js';
import type { Queryable } from '../../store/read/query/queryable.js';
import type { TokenRecord } from '../../store/read/tokens/tokens.js';
import type { Column } from '../columns/dataset.js';
import { assertPriced, columnsOf } from '../columns/priced.js';
import type { Bound, ExportScope, ScopedBook } from '../columns/scope.js';
import { readUnits } from '../columns/units.js';
import { badOption, reorganised } from '../exportErrors.js';
import { type ExportManifest, makeManifest } from './manifest.js';
import type { ExportFormat, ExportRequest } from './request.js';
import { assertSameBasis, readResumePoint, resumeText } from './resumePoint.js';

/** An export that is ready to run in the transaction in which it was planned. */
export interface ExportPlan {
  readonly request: ExportRequest;
  /** `[WITH …] SELECT … FROM …`: the rows, with the columns of the dataset. */
  readonly query: string;
  readonly manifest: ExportManifest;
}

/**
 * Looks up everything that an export is about.
 *
 * @param db a client inside a REPEATABLE READ transaction: the rows come out of the same
 * @throws ImoError `EXPORT_BAD_OPTION`, `EXPORT_BAD_CURSOR`, `CHAIN_REORGANISED`, `EXPORT_PRICES_CHANGED`,
 *   `EXPORT_CHANGED`, `UNKNOWN_CHAIN`, `UNKNOWN_TOKEN`, `NOTHING_INDEXED`, `BAD_AT`, `BLOCK_NOT_INDEXED` or `BEFORE_START`
 */
export async function planExport(db: Queryable, request: ExportRequest): Promise<ExportPlan> {
  const { dataset, resume } = request;
  const found = new RequestBooks(db, () => readIndexedTokens(db), []);
  await found.assertIndexed();
  await assertPriced(db, request.currency);
  const point = resume === null ? null : await readResumePoint(db, request, resume);
  const moments =
    point === null ? await momentsOf(found, request) : await momentsOfPoint(found, point.moments);
  assertOneChain(request, moments);
  await found.assertRange(moments, rangesOf(request));
  const scope = await makeScope(db, found, request, moments, point?.greatestNumber ?? null);
  if (point !== null) await assertSameBasis(db, request, scope, point);
  await assertSnapshot(db, request, scope);
  const { tables, from } = await dataset.source(scope);
  const columns = columnsOf(request).map(
    (one) => `${textOf(one, request.format)} AS "${one.name}"`,
  );
  const finalBlocks = new Map(
    [...(await found.heads())].map(([chainId, { finalizedBlock }]) => [chainId, finalizedBlock]),
  );
  const greatest = await greatestNumber(found);
  const resumable = dataset.isResumable
    ? await resumeText(db, request, scope, point?.greatestNumber ?? greatest)
    : null;
  return {
    request,
    query: `WITH ${tables.join(', ')}\nSELECT ${columns.join(', ')}\n${from}`,
    manifest: await makeManifest(db, request, scope, finalBlocks, resumable),
  };
}

/** SQL of a column in a format. Spreadsheets run a text in CSV that begins like a formula. */
function textOf({ sql, isForeign }: Column, format: ExportFormat): string {
  if (isForeign !== true || format !== 'csv') return sql;
  return `CASE WHEN ${sql} ~ '^[=+@\\t\\r-]' THEN '''' || ${sql} ELSE ${sql} END`;
}

/** @throws ImoError `EXPORT_BAD_OPTION` for a range of blocks over several chains */
function assertOneChain({ from, to }: ExportRequest, moments: ReadonlyMap<number, AsOf>): void {
  for (const bound of [from, to]) {
    if (bound === null || !('block' in bound) || moments.size < 2) continue;
    throw badOption(
      `block ${bound.block} needs a chain: chains ${[...moments.keys()].join(', ')} are meant`,
      'Give "chain" too, or a date.',
    );
  }
}

/** @throws ImoError `EXPORT_BAD_OPTION` for a snapshot that no token in question has taken */
async function assertSnapshot(
  db: Queryable,
  { snapshotId }: ExportRequest,
  { books }: ExportScope,
): Promise<void> {
  if (snapshotId === null) return;
  const { rows } = await db.query<{ exists: boolean; newest: number | null }>({
    text: `SELECT bool_or(s.snapshot_id = $3) AS exists, max(s.snapshot_id) AS newest
      FROM unnest($1::int[], $2::bigint[]) b(number, block)
      JOIN snapshot s ON s.token_number = b.number AND s.block_number <= b.block`,
    values: [books.map(({ number }) => number), books.map(({ block }) => block), snapshotId],
  });
  const [found] = rows;
  if (found?.exists === true) return;
  const newest = found?.newest ?? null;
  throw badOption(
    `no token in question has a snapshot ${snapshotId}`,
    newest === null ? 'None has been taken yet.' : `The newest snapshot is ${newest}.`,
  );
}

/** The chains that the export reads, each at its block. */
async function momentsOf(
  found: RequestBooks,
  { chainId, tokens, at }: ExportRequest,
): Promise<ReadonlyMap<number, AsOf>> {
  if (chainId !== null || tokens.length === 0) return found.asOfChains(chainId, at);
  // A token names its chain, unless it has the same address on several.
  const heads = await found.heads();
  const chainIds = new Set((await namedTokens(found, heads, tokens)).map((named) => named.chainId));
  const [only, ...others] = chainIds;
  if (only !== undefined && others.length === 0) return found.asOfChains(only, at);
  const moments = await found.asOfChains(null, at);
  return new Map([...moments].filter(([id]) => chainIds.has(id)));
}

/** @throws ImoError `UNKNOWN_TOKEN` for an address that no token of the chains has */
async function namedTokens(
  found: RequestBooks,
  chains: ReadonlyMap<number, unknown>,
  addresses: readonly Address[],
): Promise<TokenRecord[]> {
  if (addresses.length === 0) {
    await found.assertNothingDetached(chains, 'the export would lack rows');
    return found.tokensOf(chains, null);
  }
  const named = [];
  for (const address of addresses) named.push(...(await found.tokensOf(chains, address)));
  return named.toSorted((one, other) => one.number - other.number);
}

/** The range of an export, as that of a list. */
function rangesOf({ from, to }: ExportRequest): AskedRange {
  const blockOf = (bound: Bound | null) =>
    bound !== null && 'block' in bound ? bound.block : null;
  const timeOf = (bound: Bound | null) => (bound !== null && 'time' in bound ? bound.time : null);
  return {
    block: { gte: blockOf(from), lte: blockOf(to) },
    timestamp: { gte: timeOf(from), lte: timeOf(to) },
    isWhole: true,
  };
}

async function momentsOfPoint(
  found: RequestBooks,
  points: readonly { readonly chainId: number; readonly block: number }[],
): Promise<ReadonlyMap<number, AsOf>> {
  const moments = new Map<number, AsOf>();
  for (const { chainId, block } of points) {
    try {
      moments.set(chainId, await found.asOf(chainId, { block }));
    } catch (error) {
      // The chain was taken back below it and has not come as far again.
      if (error instanceof ImoError && error.code === 'BLOCK_NOT_INDEXED') {
        throw reorganised(chainId, block);
      }
      throw error;
    }
  }
  return moments;
}

async function makeScope(
  db: Queryable,
  found: RequestBooks,
  request: ExportRequest,
  moments: ReadonlyMap<number, AsOf>,
  greatestNumber: number | null,
): Promise<ExportScope> {
  const { holders, snapshotId, isContract, kinds, from, to, cursor, currency } = request;
  const isKnown = ({ number }: { readonly number: number }) =>
    greatestNumber === null || number <= greatestNumber;
  const blockOf = (chainId: number) => moments.get(chainId)?.block ?? -1;
  const named = await namedTokens(found, moments, request.tokens);
  const tokens = named.filter(
    (token) => isKnown(token) && token.startBlock <= blockOf(token.chainId),
  );
  const assets = (await found.revenueAssets()).filter(isKnown);
  const books = tokens.flatMap((token): ScopedBook[] => {
    // Figures of archived and held books are those of their end.
    const block = Math.min(blockOf(token.chainId), endOfBooks(token) ?? Number.POSITIVE_INFINITY);
    const shared = assets.filter(({ tokenNumber }) => tokenNumber === token.number);
    return [
      { number: token.number, token, asset: null, block },
      ...shared.map(({ number, asset }) => ({ number, token, asset, block })),
    ];
  });
  return {
    db,
    moments,
    tokens,
    books,
    namesTokens: request.tokens.length > 0,
    holders,
    snapshotId,
    isContract,
    kinds,
    from,
    to,
    after: cursor,
    currency,
    routes: await readPriceRoutes(db, currency === null ? [] : [currency]),
    units: await readUnits(db, moments.keys()),
  };
}

async function greatestNumber(found: RequestBooks): Promise<number> {
  const numbers = [...(await found.tokens()), ...(await found.revenueAssets())];
  return Math.max(0, ...numbers.map(({ number }) => number));
}
