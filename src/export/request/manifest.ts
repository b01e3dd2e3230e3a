import type { Address } from '../../address.js';
import { type ArchiveMark, archiveMark, archivesOn } from '../../books/archiveMark.js';
import { type HoldMark, holdMark, holdsOn } from '../../books/holdMark.js';
import { type PauseMark, pausesOf } from '../../books/pauseMark.js';
import { readAuditSummaries, readDisagreements } from '../../store/read/audits/audits.js';
import { readArchives } from '../../store/read/chains/archives.js';
import { newestBooked } from '../../store/read/chains/newestBooked.js';
import type { Hex } from '../../store/read/query/decode.js';
import type { Queryable } from '../../store/read/query/queryable.js';
import { readHolds } from '../../store/read/tokens/holds.js';
import { readUnaudited } from '../../store/write/firstAudits.js';
import type { Column } from '../columns/dataset.js';
import { columnsOf } from '../columns/priced.js';
import type { ExportScope } from '../columns/scope.js';
import { type UnreadMark, unreadOf } from './holderKinds.js';
import type { ExportFormat, ExportRequest } from './request.js';

/** The description of an export: as HTTP headers, next to a file, inside a Parquet file. */
export interface ExportManifest {
  readonly dataset: string;
  readonly format: ExportFormat;
  /** What it was narrowed to. */
  readonly narrowedTo: Readonly<Record<string, string>>;
  /** It starts after this row of an interrupted export. */
  readonly after: string | null;
  /** The blocks at whose end all of it holds, read in one transaction. */
  readonly asOf: readonly {
    readonly chainId: number;
    readonly block: number;
    /** `null`: nothing was booked in the block, and it is not kept; see `booked`. */
    readonly hash: Hex | null;
    readonly timestamp: string | null;
    /** The newest block up to it in which something was booked: all rows are of it or earlier. */
    readonly booked: { readonly block: number; readonly hash: Hex } | null;
    /** No reorg can take it back. */
    readonly isFinal: boolean;
  }[];
  /** Whether the books agree with the contracts (docs/audit.md). */
  readonly audit: {
    /** `null`: nothing was audited. */
    readonly agrees: boolean | null;
    readonly disagreements: readonly {
      readonly chainId: number;
      readonly token: Address;
      readonly figure: string;
      readonly block: number;
      readonly ours: string;
      readonly contract: string | null;
    }[];
  };
  /** Contracts whose books have ended: their rows stop at `lastBlock`. */
  readonly held: readonly HoldMark[];
  /** Contracts that the config no longer names: their rows and figures stop at `lastBlock`. */
  readonly archived: readonly ArchiveMark[];
  /** Tokens whose contracts say that claims are paused. */
  readonly paused: readonly PauseMark[];
  /** Tokens of which some holder is not known to be a contract or not, where rows say what holders are. */
  readonly unread: readonly UnreadMark[];
  /** To resume, send it with the `row_id` of the last whole row as `cursor`; `null`: not resumable. */
  readonly resume: string | null;
  readonly columns: readonly Pick<Column, 'name' | 'type' | 'unit' | 'description'>[];
}

const DISAGREEMENTS_PER_TOKEN = 10;

/** Reads what the manifest adds to the request. */
export async function makeManifest(
  db: Queryable,
  request: ExportRequest,
  scope: ExportScope,
  finalBlocks: ReadonlyMap<number, number>,
  resume: string | null,
): Promise<ExportManifest> {
  const { dataset, format } = request;
  return {
    dataset: dataset.name,
    format,
    narrowedTo: narrowings(request),
    after: scope.after,
    asOf: await momentsOf(db, scope, finalBlocks),
    audit: await readAudit(db, scope),
    held: await readHeld(db, scope),
    archived: await readArchived(db, scope),
    paused: pausesOf(scope.tokens, scope.moments.values()),
    unread: dataset.takes.includes('isContract/kind') ? await unreadOf(scope) : [],
    resume,
    columns: columnsOf(request).map(({ name, type, unit, description }) => {
      return { name, type, unit, description };
    }),
  };
}

async function momentsOf(
  db: Queryable,
  { moments }: ExportScope,
  finalBlocks: ReadonlyMap<number, number>,
): Promise<ExportManifest['asOf']> {
  const named = [];
  for (const { chainId, block, hash, timestamp } of moments.values()) {
    named.push({
      chainId,
      block,
      hash,
      timestamp: timestamp?.toISOString() ?? null,
      booked: await newestBooked(db, chainId, block),
      isFinal: block <= (finalBlocks.get(chainId) ?? -1),
    });
  }
  return named;
}

function narrowings(request: ExportRequest): Record<string, string> {
  const { chainId, tokens, holders, snapshotId, isContract, kinds, from, to, currency } = request;
  const bound = (limit: ExportRequest['from']) =>
    limit === null ? null : 'block' in limit ? limit.block : limit.time.toISOString();
  const all = {
    chain: chainId,
    token: tokens.length === 0 ? null : tokens.join(', '),
    holder: holders.length === 0 ? null : holders.join(', '),
    snapshot: snapshotId,
    isContract,
    kind: kinds.length === 0 ? null : kinds.join(', '),
    from: bound(from),
    to: bound(to),
    currency,
  };
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) => (value === null ? [] : [[name, String(value)]])),
  );
}

async function readHeld(db: Queryable, scope: ExportScope): Promise<HoldMark[]> {
  const tokens = new Set(scope.tokens.map(({ number }) => number));
  const holds = (await readHolds(db, null)).filter(({ chainId }) => scope.moments.has(chainId));
  return holdsOn(holds, tokens).map(holdMark);
}

async function readArchived(db: Queryable, scope: ExportScope): Promise<ArchiveMark[]> {
  const tokens = new Set(scope.tokens.map(({ number }) => number));
  const archives = await readArchives(db, null);
  return archivesOn(archives, tokens, scope.moments.values()).map(archiveMark);
}

async function readAudit(db: Queryable, scope: ExportScope): Promise<ExportManifest['audit']> {
  const tokens = new Set(scope.tokens.map(({ number }) => number));
  const disagreements = (await readDisagreements(db, DISAGREEMENTS_PER_TOKEN))
    .filter(({ chainId, tokenNumber }) =>
      tokenNumber === null ? scope.moments.has(chainId) : tokens.has(tokenNumber),
    )
    .map(({ chainId, token, figure, block, ours, contract }) => ({
      chainId,
      token,
      figure,
      block,
      ours: String(ours),
      contract: contract === null ? null : String(contract),
    }));
  const summaries = await readAuditSummaries(db);
  const wasAudited = [...scope.moments.keys()].some((chainId) => summaries.has(chainId));
  const isPending = (await readUnaudited(db, null)).some(({ tokenNumber }) =>
    tokens.has(tokenNumber),
  );
  const isKnown = wasAudited && (!isPending || disagreements.length > 0);
  return { agrees: isKnown ? disagreements.length === 0 : null, disagreements };
}
