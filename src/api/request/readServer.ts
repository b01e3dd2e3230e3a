import { type ChainHead, readChainHeads } from '../../store/read/chains/chainHeads.js';
import { readRows } from '../../store/read/query/statement.js';
import { IDENTITY, type ServerIdentity } from '../reads/serverIdentity.js';
import type { ApiServices } from './context.js';

/** A server that has not answered for so long is not asked. */
const SILENT_MS = 3_000;
/** After a fault, requests go elsewhere for a while. */
const REST_MS = 1_000;
const KEEP_POSITIONS = 200;

/** One PostgreSQL server that requests may read from. */
export class ReadServer {
  /** As of the last look. */
  heads: ReadonlyMap<number, ChainHead> = new Map();
  /** How far its log was written, or replayed on a replica; `null`: never asked. */
  position: bigint | null = null;
  private answeredAt = Number.NEGATIVE_INFINITY;
  private failedAt = Number.NEGATIVE_INFINITY;
  private looking: Promise<void> | null = null;
  /** Where it was, oldest first. */
  private readonly positions: { readonly at: number; readonly position: bigint }[] = [];

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
   * Whether it may be asked.
   *
   * @param needed the position that it must have reached; `null`: any
   */
  isNear(needed: bigint | null): boolean {
    const now = performance.now();
    if (now - this.answeredAt > SILENT_MS || now - this.failedAt < REST_MS) return false;
    return this.position !== null && (needed === null || this.position >= needed);
  }

  /** How far it was so long ago, or at the first look after that; `null`: not known. */
  positionBefore(ms: number): bigint | null {
    const then = performance.now() - ms;
    const before = this.positions.findLast(({ at }) => at <= then);
    return (before ?? this.positions[0])?.position ?? null;
  }

  private async look(): Promise<void> {
    const { db } = this.services;
    const [row] = await readRows<{ who: string; position: string }>(
      db,
      'server_position',
      `SELECT ${IDENTITY} AS who, pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery()
         THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END, '0/0')::text AS position`,
      [],
    );
    const heads = await readChainHeads(db);
    if (row === undefined) return;
    this.identity.note(row.who);
    this.heads = heads;
    this.position = BigInt(row.position);
    this.answeredAt = performance.now();
    this.positions.push({ at: this.answeredAt, position: this.position });
    if (this.positions.length > KEEP_POSITIONS) this.positions.shift();
  }
}
