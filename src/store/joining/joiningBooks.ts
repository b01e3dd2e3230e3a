import { type Address, addressFromBytes } from '../../address.js';
import { joiningKey } from '../booksKey.js';
import type { SqlClient } from '../database/sqlClient.js';
import type { Queryable } from '../read/query/queryable.js';
import { readRows } from '../read/query/statement.js';

/** A contract by its kind of books and its address. */
export interface JoiningContract {
  readonly kind: 'token' | 'oracle' | 'collection' | 'sale' | 'pool';
  readonly address: Address;
}

/** The contracts whose books are to join those of a chain, in the order of their numbers. */
export async function readJoiningContracts(
  db: SqlClient,
  chainId: number,
): Promise<JoiningContract[]> {
  const { rows } = await db.query<{ kind: JoiningContract['kind']; address: Buffer }>(
    `SELECT kind, address FROM (
       SELECT number, 'token' AS kind, address FROM token WHERE chain_id = $1
       UNION ALL SELECT number, kind, address FROM contract WHERE chain_id = $1
     ) AS joining ORDER BY number`,
    [joiningKey(chainId)],
  );
  return rows.map(({ kind, address }) => ({ kind, address: addressFromBytes(address) }));
}

/** How far the books are that are to join those of a chain. */
export interface JoiningProgress {
  readonly chainId: number;
  /** Contracts that are booked. */
  readonly contracts: readonly JoiningContract[];
  /** First block of the oldest of them. */
  readonly fromBlock: number;
  /** Newest block that is booked; the one before the first if there is none. */
  readonly block: number;
  /** Newest block of the live books, which they have to reach. */
  readonly toBlock: number;
  /** Milliseconds until they join, by the blocks since the last start; `null`: not known yet. */
  readonly leftMs: number | null;
}

interface Row {
  readonly chain_id: string;
  readonly contracts: readonly (readonly [JoiningContract['kind'], string])[];
  readonly from_block: string;
  readonly block: string | null;
  readonly to_block: string | null;
  readonly resumed_block: string | null;
  readonly resumed_ms: string | null;
}

/** Of all chains with books that are to join, in the order of their ids. */
export async function readJoiningProgress(db: Queryable): Promise<JoiningProgress[]> {
  const rows = await readRows<Row>(
    db,
    'joining_progress',
    `SELECT -k.chain_id AS chain_id, min(k.start_block) AS from_block,
       json_agg(json_build_array(k.kind, '0x' || encode(k.address, 'hex')) ORDER BY k.number) AS contracts,
       max(c.height) AS block, max(l.height) AS to_block, max(m.resumed_block) AS resumed_block,
       max(extract(epoch FROM now() - m.resumed_at) * 1000)::bigint AS resumed_ms
     FROM (
       SELECT number, chain_id, 'token' AS kind, address, start_block FROM token WHERE chain_id < 0
       UNION ALL
       SELECT number, chain_id, kind, address, start_block FROM contract WHERE chain_id < 0
     ) AS k
     LEFT JOIN chain_cursor c ON c.chain_id = k.chain_id
     LEFT JOIN chain_cursor l ON l.chain_id = -k.chain_id
     LEFT JOIN manifest m ON m.chain_id = k.chain_id
     GROUP BY k.chain_id ORDER BY -k.chain_id`,
    [],
  );
  return rows.map(progressOf);
}

function progressOf(row: Row): JoiningProgress {
  const fromBlock = Number(row.from_block);
  const block = Number(row.block ?? fromBlock - 1);
  const toBlock = Number(row.to_block ?? block);
  const resumed = Math.max(Number(row.resumed_block ?? fromBlock - 1), fromBlock - 1);
  const done = block - resumed;
  const leftMs =
    row.resumed_ms === null || done <= 0
      ? null
      : Math.round((Number(row.resumed_ms) * Math.max(toBlock - block, 0)) / done);
  return {
    chainId: Number(row.chain_id),
    contracts: row.contracts.map(([kind, address]) => ({ kind, address: address as Address })),
    fromBlock,
    block,
    toBlock,
    leftMs,
  };
}

/** Notes from where on joining books are indexed now: their speed is measured from here. */
export async function noteJoiningStart(db: SqlClient, chainId: number): Promise<void> {
  await db.query(
    `UPDATE manifest SET resumed_at = now(),
       resumed_block = (SELECT height FROM chain_cursor WHERE chain_id = $1)
     WHERE chain_id = $1`,
    [joiningKey(chainId)],
  );
}
