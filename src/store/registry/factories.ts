import { type Address, addressBytes, addressFromBytes } from '../../address.js';
import { joiningKey } from '../booksKey.js';
import type { SqlClient } from '../database/sqlClient.js';

/** How far the final blocks were searched for what a factory created. */
export interface SearchedFactory {
  /** The address, the topic of the event and the field of the config. */
  readonly factory: string;
  /** Block of its deployment, or what the config says. */
  readonly startBlock: number;
  readonly searchedTo: number;
}

/** Why a contract that a factory named is left out. */
export interface CreatedRefusal {
  readonly code: string;
  readonly reason: string;
  /** The program and config that refused it: others try again. */
  readonly by: string;
}

/** A contract that a factory named. */
export interface CreatedContract {
  readonly factory: string;
  readonly address: Address;
  readonly soldToken: Address | null;
  /** Of the event. */
  readonly block: number;
  readonly blockHash: string;
  readonly logIndex: number;
  /** Block of its deployment; `null`: not known yet. */
  readonly startBlock: number | null;
  readonly refusal: CreatedRefusal | null;
}

/** The factories of a chain that were searched before. */
export async function readFactories(db: SqlClient, chainId: number): Promise<SearchedFactory[]> {
  const { rows } = await db.query<{ factory: string; start_block: number; searched_to: number }>(
    'SELECT factory, start_block, searched_to FROM factory WHERE chain_id = $1 ORDER BY factory',
    [chainId],
  );
  return rows.map(({ factory, start_block: startBlock, searched_to: searchedTo }) => ({
    factory,
    startBlock,
    searchedTo,
  }));
}

export async function writeFactory(
  db: SqlClient,
  chainId: number,
  { factory, startBlock, searchedTo }: SearchedFactory,
): Promise<void> {
  await db.query(
    `INSERT INTO factory (chain_id, factory, start_block, searched_to) VALUES ($1, $2, $3, $4)
     ON CONFLICT (chain_id, factory) DO UPDATE SET searched_to = EXCLUDED.searched_to`,
    [chainId, factory, startBlock, searchedTo],
  );
}

/** What factories of a chain named, in the order of the events. */
export async function readCreated(db: SqlClient, chainId: number): Promise<CreatedContract[]> {
  const { rows } = await db.query<{
    factory: string;
    address: Buffer;
    sold_token: Buffer | null;
    block_number: number;
    block_hash: Buffer;
    log_index: number;
    start_block: number | null;
    refused_code: string | null;
    refused_reason: string | null;
    refused_by: string | null;
  }>(
    `SELECT factory, address, sold_token, block_number, block_hash, log_index, start_block,
       refused_code, refused_reason, refused_by
     FROM factory_contract WHERE chain_id = $1 ORDER BY block_number, log_index, address`,
    [chainId],
  );
  return rows.map((row) => ({
    factory: row.factory,
    address: addressFromBytes(row.address),
    soldToken: row.sold_token === null ? null : addressFromBytes(row.sold_token),
    block: row.block_number,
    blockHash: `0x${row.block_hash.toString('hex')}`,
    logIndex: row.log_index,
    startBlock: row.start_block,
    refusal:
      row.refused_code === null
        ? null
        : {
            code: row.refused_code,
            reason: row.refused_reason ?? '',
            by: row.refused_by ?? '',
          },
  }));
}

/** Adds what factories named, or replaces it where it is known. */
export async function writeCreated(
  db: SqlClient,
  chainId: number,
  created: readonly CreatedContract[],
): Promise<void> {
  if (created.length === 0) return;
  await db.query(
    `INSERT INTO factory_contract (chain_id, address, factory, block_number, block_hash, log_index,
       sold_token, start_block, refused_code, refused_reason, refused_by)
     SELECT $1, * FROM unnest($2::bytea[], $3::text[], $4::bigint[], $5::bytea[], $6::integer[],
       $7::bytea[], $8::bigint[], $9::text[], $10::text[], $11::text[])
     ON CONFLICT (chain_id, address) DO UPDATE SET factory = EXCLUDED.factory,
       block_number = EXCLUDED.block_number, block_hash = EXCLUDED.block_hash,
       log_index = EXCLUDED.log_index, sold_token = EXCLUDED.sold_token,
       start_block = EXCLUDED.start_block, refused_code = EXCLUDED.refused_code,
       refused_reason = EXCLUDED.refused_reason, refused_by = EXCLUDED.refused_by`,
    [
      chainId,
      created.map(({ address }) => addressBytes(address)),
      created.map(({ factory }) => factory),
      created.map(({ block }) => block),
      created.map(({ blockHash }) => Buffer.from(blockHash.slice(2), 'hex')),
      created.map(({ logIndex }) => logIndex),
      created.map(({ soldToken }) => (soldToken === null ? null : addressBytes(soldToken))),
      created.map(({ startBlock }) => startBlock),
      created.map(({ refusal }) => refusal?.code ?? null),
      created.map(({ refusal }) => refusal?.reason ?? null),
      created.map(({ refusal }) => refusal?.by ?? null),
    ],
  );
}

/** Forgets what factories created that the config does not name any more. @param kept keys of those that it names */
export async function forgetFactories(
  db: SqlClient,
  chainId: number,
  kept: readonly string[],
): Promise<void> {
  for (const table of ['factory', 'factory_contract']) {
    await db.query(`DELETE FROM ${table} WHERE chain_id = ANY($1) AND NOT factory = ANY($2)`, [
      [chainId, joiningKey(chainId)],
      kept,
    ]);
  }
}

/**
 * Notes that the indexed blocks of a chain were indexed without a factory: the books that are to join read them
 * with it.
 */
export async function noteUnread(
  db: SqlClient,
  chainId: number,
  { factory, startBlock }: Omit<SearchedFactory, 'searchedTo'>,
): Promise<void> {
  await writeFactory(db, joiningKey(chainId), {
    factory,
    startBlock,
    searchedTo: startBlock - 1,
  });
}

/** Books that join have read the blocks of the factories of a chain. */
export async function noteRead(db: SqlClient, chainId: number): Promise<void> {
  await db.query('DELETE FROM factory WHERE chain_id = $1', [joiningKey(chainId)]);
}

/**
 * Notes what books that join read of factories. What is gone stays known where it is indexed: the live books
 * forget it together with its rows.
 */
export async function writeJoiningCreations(
  db: SqlClient,
  chainId: number,
  created: readonly CreatedContract[],
  gone: readonly Address[],
): Promise<void> {
  const { rows: indexed } = await db.query<{ address: Buffer }>(
    `SELECT address FROM token WHERE chain_id = $1 AND address = ANY($2)
     UNION SELECT address FROM contract WHERE chain_id = $1 AND address = ANY($2)`,
    [chainId, gone.map(addressBytes)],
  );
  const kept = new Set(indexed.map(({ address }) => addressFromBytes(address)));
  await db.query('DELETE FROM factory_contract WHERE chain_id = $1 AND address = ANY($2)', [
    chainId,
    gone.filter((address) => !kept.has(address)).map(addressBytes),
  ]);
  await writeCreated(db, chainId, created);
}

/** Notes why contracts are left out. */
export async function writeRefusals(
  db: SqlClient,
  chainId: number,
  refusals: ReadonlyMap<Address, CreatedRefusal>,
): Promise<void> {
  for (const [address, { code, reason, by }] of refusals) {
    await db.query(
      `UPDATE factory_contract SET refused_code = $3, refused_reason = $4, refused_by = $5
       WHERE chain_id = $1 AND address = $2`,
      [chainId, addressBytes(address), code, reason, by],
    );
  }
}
