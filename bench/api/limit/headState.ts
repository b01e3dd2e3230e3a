import type pg from 'pg';
import type { PoolState } from '../../../src/ledger/state.js';
import { hexOf } from '../../../src/store/read/query/decode.js';
import { readPools } from '../../../src/store/read/tokens/pools.js';
import { readTokens, type TokenRecord } from '../../../src/store/read/tokens/tokens.js';
import { CHAIN_ID } from '../datasetSql.js';

/** Columns that every statement of the limit reads: the head that its rows belong to. */
export interface HeadColumns {
  readonly head_block: number;
  readonly head_hash: Buffer;
}

/** SQL of them, over `chain_cursor head`. */
export const HEAD_COLUMNS = 'head.height AS head_block, head.hash AS head_hash';
/** SQL of the row that has them. */
export const HEAD_ROW = `(SELECT * FROM chain_cursor WHERE chain_id = ${CHAIN_ID}) head`;

const MOMENTS_AT_MOST = 1_000;

/** What is kept in memory of one head: tokens, and their pools at the blocks that were asked for. */
export class HeadState {
  private readonly pools = new Map<string, Promise<PoolState>>();

  private constructor(
    private readonly db: pg.Pool,
    readonly block: number,
    private readonly hash: string,
    readonly tokens: ReadonlyMap<number, TokenRecord>,
  ) {}

  static async read(db: pg.Pool): Promise<HeadState> {
    const { rows } = await db.query<HeadColumns>(`SELECT ${HEAD_COLUMNS} FROM ${HEAD_ROW}`);
    const [head] = rows;
    if (head === undefined) throw new Error('nothing is indexed');
    const tokens = new Map((await readTokens(db)).map((token) => [token.number, token]));
    return new HeadState(db, head.head_block, hexOf(head.head_hash), tokens);
  }

  /** Whether rows belong to it. */
  has({ head_block, head_hash }: HeadColumns): boolean {
    return head_block === this.block && hexOf(head_hash) === this.hash;
  }

  /** A token's pools at the end of a block. */
  poolOf(tokenNumber: number, block: number): Promise<PoolState> {
    const name = `${tokenNumber} ${block}`;
    const known = this.pools.get(name);
    if (known !== undefined) return known;
    if (this.pools.size >= MOMENTS_AT_MOST) this.pools.clear();
    const pool = readPools(this.db, [{ tokenNumber, block }]).then(([state]) => {
      if (state === undefined) throw new Error(`no pools of token ${tokenNumber}`);
      return state;
    });
    this.pools.set(name, pool);
    return pool;
  }
}

/** The state of the newest head, read again when a statement has seen another one. */
export class NewestState {
  private state: Promise<HeadState>;

  constructor(private readonly db: pg.Pool) {
    this.state = HeadState.read(db);
  }

  /** Runs a statement until its rows belong to the state that it is answered with. */
  async with<Row extends HeadColumns, Answer>(
    read: (state: HeadState) => Promise<readonly Row[]>,
    answer: (rows: readonly Row[], state: HeadState) => Promise<Answer> | Answer,
  ): Promise<Answer> {
    for (;;) {
      const state = await this.state;
      const rows = await read(state);
      const [first] = rows;
      if (first === undefined || state.has(first)) return answer(rows, state);
      this.state = HeadState.read(this.db);
    }
  }
}
