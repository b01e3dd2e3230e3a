import { type JoiningProgress, readJoiningProgress } from '../../store/joining/joiningBooks.js';
import {
  type AuditSummary,
  type DisagreementRecord,
  readAuditSummaries,
  readDisagreements,
} from '../../store/read/audits/audits.js';
import { type ArchiveRecord, readArchives } from '../../store/read/chains/archives.js';
import {
  type RefusedCreation,
  readRefusedCreations,
} from '../../store/read/chains/refusedCreations.js';
import { readSourceRanges, type SourceRange } from '../../store/read/chains/sourceRanges.js';
import type { Queryable } from '../../store/read/query/queryable.js';
import { type HoldRecord, readHolds } from '../../store/read/tokens/holds.js';
import { readUnrehearsed, type UnrehearsedCode } from '../../store/read/tokens/unrehearsed.js';
import { readUnaudited, type UnauditedToken } from '../../store/write/firstAudits.js';

/** What is known to be wrong or unfinished in the books, so far as answers need it. */
export interface AuditResults {
  /** By chain; chains that were never audited are left out. */
  readonly summaries: ReadonlyMap<number, AuditSummary>;
  /** By the number of the token; tokens without one are left out. */
  readonly disagreements: ReadonlyMap<number, readonly DisagreementRecord[]>;
  /** Of oracles and collections, which are read across tokens: they mark every answer. */
  readonly contractDisagreements: readonly DisagreementRecord[];
  /** Tokens that were not compared with their contracts since their backfill. */
  readonly unaudited: readonly UnauditedToken[];
  /** Contracts whose books have ended. */
  readonly holds: readonly HoldRecord[];
  /** Books that ended because the config no longer names their contract. */
  readonly archives: readonly ArchiveRecord[];
  /** New code of tokens that was not rehearsed in full. */
  readonly unrehearsed: readonly UnrehearsedCode[];
  /** How final blocks were found. */
  readonly sourceRanges: readonly SourceRange[];
  /** Books that are to join live ones. */
  readonly joining: readonly JoiningProgress[];
  /** What is left out of what factories created. */
  readonly refused: readonly RefusedCreation[];
}

const KEEP_FOR_MS = 1_000;
/** A token whose books are wrong may differ in every figure of every holder. */
const SHOWN_PER_TOKEN = 10;

/** Reads the results of the audit at most once a second, whatever the number of requests. */
export class AuditResultsCache {
  private asked: { readonly at: number; readonly results: Promise<AuditResults> } | null = null;

  constructor(private readonly db: Queryable) {}

  /** @param heldTokens numbers of tokens that are known to be held: results without them are older, and read again */
  read(heldTokens: readonly number[] = []): Promise<AuditResults> {
    const { asked } = this;
    if (asked === null || Date.now() - asked.at >= KEEP_FOR_MS) return this.readNow();
    if (heldTokens.length === 0) return asked.results;
    return asked.results.then((kept) => {
      const known = new Set(kept.holds.map(({ tokenNumber }) => tokenNumber));
      return heldTokens.every((number) => known.has(number)) ? kept : this.readNow();
    });
  }

  private readNow(): Promise<AuditResults> {
    const results = readResults(this.db);
    this.asked = { at: Date.now(), results };
    // A failed read is not kept.
    results.catch(() => {
      this.asked = null;
    });
    return results;
  }
}

async function readResults(db: Queryable): Promise<AuditResults> {
  const [summaries, records, holds, archives, unaudited, unrehearsed, sourceRanges, ...others] =
    await Promise.all([
      readAuditSummaries(db),
      readDisagreements(db, SHOWN_PER_TOKEN),
      readHolds(db, null),
      readArchives(db, null),
      readUnaudited(db, null),
      readUnrehearsed(db),
      readSourceRanges(db),
      readJoiningProgress(db),
      readRefusedCreations(db),
    ]);
  const [joining, refused] = others;
  const disagreements = new Map<number, DisagreementRecord[]>();
  const contractDisagreements = records.filter(({ tokenNumber }) => tokenNumber === null);
  for (const record of records) {
    if (record.tokenNumber === null) continue;
    const ofToken = disagreements.get(record.tokenNumber) ?? [];
    disagreements.set(record.tokenNumber, [...ofToken, record]);
  }
  return {
    summaries,
    disagreements,
    contractDisagreements,
    holds,
    archives,
    unaudited,
    unrehearsed,
    sourceRanges,
    joining,
    refused,
  };
}
