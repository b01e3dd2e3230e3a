import type { SqlClient } from '../database/sqlClient.js';
import { readAllPartitions, type TablePartition } from './findToken.js';
import type { NumberRange } from './partitions.js';

/** A partition, as `partition list` shows it. */
export interface ListedPartition extends TablePartition {
  /** As the planner estimates them; `null`: not analysed yet. */
  readonly rows: number | null;
  /** With indexes. */
  readonly bytes: number;
  /** `null`: the default of the database. */
  readonly tablespace: string | null;
}

/** A token or an asset whose rows are in a partition. */
export interface NumberedToken {
  readonly number: number;
  readonly chainId: number;
  /** Of the token, in lower case. */
  readonly address: string;
  /** `native`, or the ERC-20 whose books have the number. */
  readonly asset: string;
}

/** @throws ImoError `NOT_PARTITIONED` */
export async function listPartitions(db: SqlClient): Promise<ListedPartition[]> {
  const all = await readAllPartitions(db);
  const { rows } = await db.query<{
    name: string;
    rows: number;
    bytes: number;
    tablespace: string | null;
  }>(
    `SELECT name, c.reltuples::bigint AS rows, pg_total_relation_size(c.oid) AS bytes, s.spcname AS tablespace
     FROM unnest($1::text[]) AS name JOIN pg_class c ON c.oid = to_regclass(name)
     LEFT JOIN pg_tablespace s ON s.oid = c.reltablespace`,
    [all.map(({ name }) => name)],
  );
  const facts = new Map(rows.map((row) => [row.name, row]));
  return all.map((partition) => {
    const { rows: count = -1, bytes = 0, tablespace = null } = facts.get(partition.name) ?? {};
    return { ...partition, rows: count < 0 ? null : count, bytes, tablespace };
  });
}

/** The tokens and assets with a number, in their order. */
export async function readNumberedTokens(db: SqlClient): Promise<NumberedToken[]> {
  const { rows } = await db.query<NumberedToken>(
    `SELECT number, chain_id AS "chainId", '0x' || encode(address, 'hex') AS address, 'native' AS asset FROM token
     UNION ALL SELECT a.number, t.chain_id, '0x' || encode(t.address, 'hex'), '0x' || encode(a.asset, 'hex')
       FROM revenue_asset a JOIN token t ON t.number = a.token_number
     ORDER BY number`,
  );
  return rows;
}

/** All partitions of one range of numbers. */
export interface RangeOfPartitions extends NumberRange {
  readonly partitions: readonly ListedPartition[];
}

export function byRange(partitions: readonly ListedPartition[]): RangeOfPartitions[] {
  const ranges = new Map<string, { from: number; to: number; partitions: ListedPartition[] }>();
  for (const partition of partitions) {
    const { from, to } = partition;
    const range = ranges.get(`${from} ${to}`) ?? { from, to, partitions: [] };
    range.partitions.push(partition);
    ranges.set(`${from} ${to}`, range);
  }
  return [...ranges.values()].toSorted((a, b) => a.from - b.from);
}
