import { createHash } from 'node:crypto';
import { z } from 'zod';
import { newestBooked } from '../../store/read/chains/newestBooked.js';
import { readPriceRoutes } from '../../store/read/prices/priceRoutes.js';
import type { Queryable } from '../../store/read/query/queryable.js';
import { columnsOf } from '../columns/priced.js';
import type { ExportScope } from '../columns/scope.js';
import { badOption, exportChanged, pricesChanged, reorganised } from '../exportErrors.js';
import { kindsBasis } from './holderKinds.js';
import type { ExportRequest } from './request.js';

const PointSchema = z.strictObject({
  /** What was exported: `askedBy` of the request. */
  asked: z.string(),
  /** The moment that was asked for; empty: the newest. */
  at: z.string(),
  /** Books with greater numbers were not there yet. */
  greatestNumber: z.int(),
  /** The feeds that give values: `feedsOf` the currency. */
  feeds: z.string(),
  /** What no block holds and rows depend on: `basisOf` the export. */
  basis: z.string(),
  moments: z.array(
    z.strictObject({
      chainId: z.int(),
      block: z.int(),
      /** The newest block up to it in which something was booked. */
      booked: z.strictObject({ block: z.int(), hash: z.string() }).nullable(),
    }),
  ),
});

/**
 * Where an interrupted export continues: at the same blocks, over the same books. The newest booked
 * block proves that the rows up to there are still the same: a reorg that changes any row replaces
 * it, or books another one after it.
 */
export type ResumePoint = z.infer<typeof PointSchema>;

/** Where an export can be continued, as text for a header. */
export async function resumeText(
  db: Queryable,
  request: ExportRequest,
  scope: ExportScope,
  greatestNumber: number,
): Promise<string> {
  const { moments } = scope;
  const point: ResumePoint = {
    asked: askedBy(request),
    at: momentText(request),
    greatestNumber,
    feeds: await feedsOf(db, request.currency),
    basis: await basisOf(db, request, scope),
    moments: [],
  };
  for (const { chainId, block } of moments.values()) {
    point.moments.push({ chainId, block, booked: await newestBooked(db, chainId, block) });
  }
  return Buffer.from(JSON.stringify(point)).toString('base64url');
}

/**
 * The point that a client gives back, once it is proved that its rows still stand.
 *
 * @throws ImoError `EXPORT_BAD_OPTION` if it is of another export, `CHAIN_REORGANISED`,
 *   `EXPORT_PRICES_CHANGED`
 */
export async function readResumePoint(
  db: Queryable,
  request: ExportRequest,
  text: string,
): Promise<ResumePoint> {
  const point = parsePoint(text);
  if (point.asked !== askedBy(request)) {
    throw badOption(
      `"resume" is of another export: ${point.asked}`,
      'Give the dataset, chain, token, holder, snapshot, isContract, kind, from, to and currency of the interrupted export.',
    );
  }
  if (request.at !== null && point.at !== momentText(request)) {
    throw badOption(
      `"at" is another moment than that of the interrupted export: ${point.at === '' ? 'the newest' : point.at}`,
      'Send the same URL with cursor and resume, or leave "at" out: the export continues as of its own moment.',
    );
  }
  if (point.feeds !== (await feedsOf(db, request.currency))) {
    throw pricesChanged(request.currency ?? '');
  }
  for (const { chainId, block, booked } of point.moments) {
    const now = await newestBooked(db, chainId, block);
    if (now?.block !== booked?.block || now?.hash !== booked?.hash) {
      throw reorganised(chainId, block);
    }
  }
  return point;
}

/**
 * Proves that the rows are made as they were: the same names, symbols and columns, of books that end
 * where they ended.
 *
 * @throws ImoError `EXPORT_CHANGED`
 */
export async function assertSameBasis(
  db: Queryable,
  request: ExportRequest,
  scope: ExportScope,
  { basis }: ResumePoint,
): Promise<void> {
  if (basis !== (await basisOf(db, request, scope))) throw exportChanged();
}

/** Contracts and names change with the config only, and are few. */
const REGISTRY = ['label', 'contract', 'token', 'revenue_asset', 'sale', 'deposit_pool'];

/** A hash of all that makes rows of blocks: names, symbols, columns, kinds of holders, and where books end. */
async function basisOf(db: Queryable, request: ExportRequest, scope: ExportScope): Promise<string> {
  const { books, units } = scope;
  const hash = createHash('sha256');
  // A symbol depends on the list of known coins too, which is part of the program.
  for (const unit of units.values()) hash.update(`${JSON.stringify(unit)}\n`);
  if (request.dataset.takes.includes('isContract/kind')) hash.update(await kindsBasis(scope));
  for (const { name, sql } of columnsOf(request)) hash.update(`${name} ${sql}\n`);
  for (const { number, block } of books) hash.update(`${number} ${block}\n`);
  for (const table of REGISTRY) {
    const { rows } = await db.query<{ row: string }>({
      text: `SELECT t::text AS row FROM ${table} t ORDER BY 1`,
      values: [],
    });
    for (const { row } of rows) hash.update(`${row}\n`);
  }
  return hash.digest('base64url').slice(0, 22);
}

function parsePoint(text: string): ResumePoint {
  try {
    return PointSchema.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
  } catch (cause) {
    if (!(cause instanceof SyntaxError || cause instanceof z.ZodError)) throw cause;
    throw badOption(
      '"resume" is not the value that an export gives for resuming',
      'Give the header X-Imo-Resume of the interrupted export, as it was.',
    );
  }
}

/** The moment that a request names, as text; empty: none. */
function momentText({ at }: ExportRequest): string {
  return String(at?.block ?? at?.timestamp?.toISOString() ?? '');
}

/** All that decides which rows there are and in which order; the format does not. */
function askedBy(request: ExportRequest): string {
  const { dataset, chainId, tokens, holders, snapshotId, from, to, currency } = request;
  const { isContract, kinds } = request;
  const bound = (limit: ExportRequest['from']) =>
    limit === null ? '' : 'block' in limit ? String(limit.block) : limit.time.toISOString();
  const [token, holder] = [tokens, holders].map((all) => all.toSorted().join(','));
  const what = [isContract ?? '', ...kinds.toSorted()].join(',');
  return [dataset.name, chainId, token, holder, snapshotId, bound(from), bound(to), currency, what]
    .map((part) => part ?? '')
    .join(' ')
    .trimEnd();
}

/** Feeds come and go without any block being replaced; nothing but values depends on them. */
async function feedsOf(db: Queryable, currency: string | null): Promise<string> {
  if (currency === null) return '';
  const { all } = await readPriceRoutes(db, [currency]);
  const legs = all.flatMap((route) => route.legs.map(({ feed }) => feed));
  return [
    ...new Set(legs.map(({ number, staleAfterSeconds }) => `${number}:${staleAfterSeconds ?? ''}`)),
  ]
    .toSorted()
    .join(' ');
}
