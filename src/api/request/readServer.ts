import { TERM } from '../../store/database/serverTerm.js';
import { type ChainHead, readChainHeads } from '../../store/read/chains/chainHeads.js';
import { readRows } from '../../store/read/query/statement.js';
import { IDENTITY, type ServerIdentity } from '../reads/serverIdentity.js';
import type { ApiServices } from './context.js';

/** A server that has not answered for so long is not asked. */
const SILENT_MS = 3_000;
/** After a fault, requests go elsewhere for a while. */
const REST_MS = 1_000;
const KEEP_POSITIONS = 200;

/** Which fail-overs a server has seen. */
export interface SeenTerm {
  /** Grows with each. */
  readonly number: number;
  /** When the last one was noted; `null`: none was. */
  readonly since: string | null;
}

/** One PostgreSQL server that requests may read from. */
export class ReadServer {
  /** As of the last look. */
  heads: ReadonlyMap<number, ChainHead> = new Map();
  /** How far its log was written, or replayed on a replica; `null`: never asked. */
  position: bigint | null = null;
  /** As of the last look. */
  term: SeenTerm = { number: 0, since: null };
  private answeredAt = Number.NEGATIVE_INFINITY;
  private failedAt = Number.NEGATIVE_INFINITY;
  private looking: Promise<void> | null = null;
  /** Where it was, oldest first, and when the look began: what was committed before is in the position. */
  private positions: { readonly at: number; readonly position: bigint }[] = [];
  /** Who answered the last look. */
  private who: string | null = null;

  /** @param mayMoveUnseen a pooler keeps our connections when its server changes */
  constructor(
    readonly name: string,
    readonly services: ApiServices,
    readonly identity: ServerIdentity,
    readonly mayMoveUnseen: boolean,
  ) {}

  /** Looks how far it is. A look that fails leaves what was known. */
  probe(): Promise<void> {
    this.looking ??= this.look()
      .catch(() => this.failed())
      .finally(() => {
        this.looking = null;
      });
    return this.looking;
  }

  /**
   * Looks who answers now, and not before.
   *
   * @throws the error of the database
   */
  async lookAgain(): Promise<void> {
    await this.looking;
    await this.look();
  }

  failed(): void {
    this.failedAt = performance.now();
  }

  /**
   * Whether it may be asked. Positions compare only between servers that have seen the same fail-overs.
   *
   * @param needed the position that it must have reached
   * @param term of the main server
   */
  isNear(needed: bigint, term: SeenTerm): boolean {
    const now = performance.now();
    if (now - this.answeredAt > SILENT_MS || now - this.failedAt < REST_MS) return false;
    const { number, since } = this.term;
    if (number !== term.number || since !== term.since) return false;
    return this.position !== null && this.position >= needed;
  }

  /**
   * How far it was at the first look within this time: a server that has reached this position lacks nothing that was
   * committed before. `null`: it has not answered for so long.
   */
  positionWithin(ms: number): bigint | null {
    const since = performance.now() - ms;
    return this.positions.find(({ at }) => at >= since)?.position ?? null;
  }

  private async look(): Promise<void> {
    const { db } = this.services;
    const at = performance.now();
    const [row] = await readRows<PositionRow>(
      db,
      'server_position',
      `SELECT ${IDENTITY} AS who, ${TERM}, pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery()
         THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END, '0/0')::text AS position`,
      [],
    );
    const heads = await readChainHeads(db);
    if (row === undefined) return;
    this.identity.note(row.who);
    // Another server may be behind the one before, with other rows at the same positions.
    if (this.who !== row.who) this.positions = [];
    this.who = row.who;
    this.heads = heads;
    this.term = { number: row.term, since: row.term_since };
    this.position = BigInt(row.position);
    this.answeredAt = performance.now();
    this.positions.push({ at, position: this.position });
    if (this.positions.length <= KEEP_POSITIONS) return;
    // The older they are, the fewer are kept; the newest stays.
    this.positions = this.positions.filter((_, index) => index % 2 === 0);
  }
}

interface PositionRow {
  readonly who: string;
  readonly position: string;
  readonly term: number;
  readonly term_since: string | null;
}
