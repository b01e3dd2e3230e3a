import { RequestBooks } from '../../books/requestBooks.js';
import { ImoError } from '../../errors.js';
import type { AsOf } from '../../store/read/chains/asOf.js';
import { readIndexedTokens } from '../../store/read/chains/indexedTokens.js';
import type { Queryable } from '../../store/read/query/queryable.js';
import { assertPriced, columnsOf } from '../columns/priced.js';
import type { ExportScope, ScopedBook } from '../columns/scope.js';
import { badOption, reorganised } from '../exportErrors.js';
import { type ExportManifest, makeManifest } from './manifest.js';
import type { ExportRequest } from './request.js';
import { readResumePoint, resumeText } from './resumePoint.js';

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
 * @throws ImoError `EXPORT_BAD_OPTION`, `EXPORT_BAD_CURSOR`, `CHAIN_REORGANISED`, `UNKNOWN_CHAIN`,
 *   `UNKNOWN_TOKEN`, `NOTHING_INDEXED`, `BAD_AT`, `BLOCK_NOT_INDEXED` or `BEFORE_START`
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
  const scope = await makeScope(db, found, request, moments, point?.greatestNumber ?? null);
  const { tables, from } = await dataset.source(scope);
  const columns = columnsOf(request).map(({ name, sql }) => `${sql} AS "${name}"`);
  const finalBlocks = new Map(
    [...(await found.heads())].map(([chainId, { finalizedBlock }]) => [chainId, finalizedBlock]),
  );
  const greatest = await greatestNumber(found);
  const resumable = dataset.isResumable
    ? await resumeText(db, request, moments, point?.greatestNumber ?? greatest)
    : null;
  return {
    request,
    query: `WITH ${tables.join(', ')}\nSELECT ${columns.join(', ')}\n${from}`,
    manifest: await makeManifest(db, request, scope, finalBlocks, resumable),
  };
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

/** The chains that the export reads, each at its block. */
async function momentsOf(
  found: RequestBooks,
  { chainId, token, at }: ExportRequest,
): Promise<ReadonlyMap<number, AsOf>> {
  if (chainId !== null || token === null) return found.asOfChains(chainId, at);
  // A token names its chain, unless it has the same address on several.
  const heads = await found.heads();
  const chainIds = new Set((await found.tokensOf(heads, token)).map((named) => named.chainId));
  const [only, ...others] = chainIds;
  if (only !== undefined && others.length === 0) return found.asOfChains(only, at);
  const moments = await found.asOfChains(null, at);
  return new Map([...moments].filter(([id]) => chainIds.has(id)));
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
  const { token: address, holder, snapshotId, from, to, cursor, currency } = request;
  const isKnown = ({ number }: { readonly number: number }) =>
    greatestNumber === null || number <= greatestNumber;
  const blockOf = (chainId: number) => moments.get(chainId)?.block ?? -1;
  const tokens = (await found.tokensOf(moments, address)).filter(
    (token) => isKnown(token) && token.startBlock <= blockOf(token.chainId),
  );
  const assets = (await found.revenueAssets()).filter(isKnown);
  const books = tokens.flatMap((token): ScopedBook[] => {
    // Figures of archived books are those of their end.
    const block = Math.min(blockOf(token.chainId), token.archivedBlock ?? Number.POSITIVE_INFINITY);
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
    isOneToken: address !== null,
    holder,
    snapshotId,
    from,
    to,
    after: cursor,
    currency,
  };
}

async function greatestNumber(found: RequestBooks): Promise<number> {
  const numbers = [...(await found.tokens()), ...(await found.revenueAssets())];
  return Math.max(0, ...numbers.map(({ number }) => number));
}
