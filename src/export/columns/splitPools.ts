import { numberSql, positionSql } from '../../store/ids.js';
import { type DepositPoolRecord, readDepositPools } from '../../store/read/pools/depositPools.js';
import { pathTo } from '../../store/read/pools/through.js';
import type { ExportScope } from './scope.js';
import {
  addressLiteral,
  hexText,
  integerLiteral,
  literalTable,
  partText,
  textLiteral,
} from './sqlText.js';

/** A pool of a token of the scope, with the pools from the one that holds the token to this one. */
export interface ScopedPool {
  readonly pool: DepositPoolRecord;
  readonly path: readonly DepositPoolRecord[];
}

/** The pools of the tokens of the scope that were deployed by its block. */
export async function readScopedPools({ db, books }: ExportScope): Promise<ScopedPool[]> {
  const pools = await readDepositPools(db);
  const isHeld = ({ chainId, token, startBlock }: DepositPoolRecord) =>
    books.some(
      (book) =>
        book.token.chainId === chainId && book.token.address === token && startBlock <= book.block,
    );
  return pools.filter(isHeld).map((pool) => ({ pool, path: pathTo(pools, pool) }));
}

/** The accounts whose balances of the token the splits need, as a condition. */
export function holdingPools(account: string, pools: readonly ScopedPool[]): string {
  const direct = pools.filter(({ path }) => path.length === 1);
  if (direct.length === 0) return 'false';
  return `${account} IN (${direct.map(({ pool }) => addressLiteral(pool.address)).join(', ')})`;
}

/** `pool(number, chain_id, token, address, before, level, path)`, for WITH. `before`: a number, or 0. */
function poolTable(pools: readonly ScopedPool[]): string {
  return literalTable(
    'pool',
    {
      number: 'integer',
      chain_id: 'bigint',
      token: 'text',
      address: 'bytea',
      before: 'integer',
      level: 'integer',
      path: 'text',
    },
    pools.map(({ pool, path }) => [
      integerLiteral(pool.number),
      integerLiteral(pool.chainId),
      textLiteral(pool.token),
      addressLiteral(pool.address),
      integerLiteral(path.at(-2)?.number ?? 0),
      integerLiteral(path.length),
      textLiteral(path.map(({ address }) => address).join('/')),
    ]),
  );
}

/**
 * Tables for WITH that follow `book` and `owed`: `split`, what each snapshot means to each depositor of
 * each pool (docs/pools.md#split), with the dust, so that the rows of a pool and a snapshot sum to what
 * the pool is owed. `throughPool` of the ledger is the rule for one account; test/export/through.test.ts
 * compares them.
 */
export function splitTables(pools: readonly ScopedPool[]): string[] {
  const levels = Math.max(1, ...pools.map(({ path }) => path.length));
  const numbers = Array.from({ length: levels }, (_, index) => index + 1);
  return [
    poolTable(pools),
    ...numbers.flatMap((level) => [owedTable(level), partTable(level)]),
    `split AS MATERIALIZED (
      ${numbers.map((level) => `SELECT * FROM part_${level}`).join(' UNION ALL ')}
    )`,
  ];
}

/** `owed_<level>`: what pools are owed that are the nth of their paths, and their shares at the snapshot. */
function owedTable(level: number): string {
  const from =
    level === 1
      ? `owed a JOIN book k ON k.number = a.number
        JOIN pool p ON p.level = 1 AND p.address = a.account`
      : `part_${level - 1} a JOIN book k ON k.number = a.number
        JOIN pool p ON p.before = a.pool_number AND p.address = a.depositor`;
  const paid = level === 1 ? 'coalesce(a.paid, 0)' : 'a.paid';
  return `owed_${level} AS MATERIALIZED (
    SELECT a.number, a.snapshot_id, a.share, ${paid} AS paid, a.standing, p.number AS pool_number,
      p.path, p.address AS pool, s.id AS place, s.total_shares,
      s.id IS NULL AND coalesce(a.snapshot_id >= f.first_id, true) AS is_unknown
    FROM ${from} AND p.chain_id = k.chain_id AND p.token = k.token
    LEFT JOIN pool_snapshot s ON s.pool_number = p.number AND s.snapshot_id = a.snapshot_id
      AND s.block_number <= k.block
    CROSS JOIN LATERAL (
      SELECT min(snapshot_id) AS first_id FROM pool_snapshot
      WHERE pool_number = p.number AND block_number <= k.block
    ) f
    WHERE a.share > 0 OR ${paid} > 0
  )`;
}

/** `part_<level>`: these amounts split: a row for each depositor, and one for what is left. */
function partTable(level: number): string {
  const id = (last: string) =>
    `(${numberSql('w.number')} || '-' || ${positionSql('w.snapshot_id')} || '-' ||
      ${numberSql('w.pool_number')} || '-' || ${last}) COLLATE "C" AS row_id`;
  return `depositor_${level} AS MATERIALIZED (
    SELECT ${id(hexText('h.depositor'))}, w.number, w.snapshot_id, w.pool_number, w.path, w.pool,
      'DEPOSITOR' AS part, h.depositor, h.shares, w.total_shares, w.share AS pool_share,
      ${partText('w.share', 'h.shares', 'w.total_shares')} AS share,
      ${partText('w.paid', 'h.shares', 'w.total_shares')} AS paid, w.standing
    FROM owed_${level} w CROSS JOIN LATERAL (
      SELECT DISTINCT ON (e.depositor) e.depositor, e.shares FROM pool_share e
      WHERE e.pool_number = w.pool_number AND e.id < w.place ORDER BY e.depositor, e.id DESC
    ) h
    WHERE h.shares > 0
  ), part_${level} AS MATERIALIZED (
    SELECT * FROM depositor_${level}
    UNION ALL
    SELECT ${id("'rest'")}, w.number, w.snapshot_id, w.pool_number, w.path, w.pool,
      CASE WHEN w.is_unknown THEN 'UNKNOWN' ELSE 'DUST' END, NULL::bytea, NULL::numeric,
      w.total_shares, w.share, w.share - d.share, w.paid - d.paid, w.standing
    FROM owed_${level} w CROSS JOIN LATERAL (
      SELECT coalesce(sum(share), 0) AS share, coalesce(sum(paid), 0) AS paid
      FROM depositor_${level} d
      WHERE d.number = w.number AND d.snapshot_id = w.snapshot_id AND d.pool_number = w.pool_number
    ) d
  )`;
}
