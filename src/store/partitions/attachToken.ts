import { type Address, addressBytes, checksummed } from '../../address.js';
import { ImoError } from '../../errors.js';
import type { DatabaseClient } from '../database/postgres.js';
import type { SqlClient } from '../database/sqlClient.js';
import { type DetachedToken, readDetachedTokens } from './detached.js';
import { type Announce, blocksOfDetached, measurePartition } from './detachToken.js';
import { exclusively } from './exclusively.js';

/**
 * Puts a detached token back, if its rows are those that were detached and the chain still has their
 * blocks.
 *
 * @throws ImoError `NOT_DETACHED`, `ATTACH_INDEXED_AGAIN`, `ATTACH_DIFFERS`, `ATTACH_FORKED`
 */
export async function attachToken(
  db: DatabaseClient,
  chainId: number,
  address: Address,
  { signal, announce }: { signal: AbortSignal; announce: Announce },
): Promise<DetachedToken> {
  const token = await findDetached(db, chainId, address);
  await assertSameRows(db, token);
  await exclusively(db, chainId, signal, async () => {
    await assertNotIndexed(db, token);
    await assertNotForked(db, token);
    const { number, partitions } = token;
    await db.query(
      `INSERT INTO token SELECT r.* FROM detached_token d,
         jsonb_populate_record(NULL::token, d.registry->'token') AS r WHERE d.number = $1`,
      [number],
    );
    await db.query(
      `INSERT INTO revenue_asset SELECT r.* FROM detached_token d,
         jsonb_populate_recordset(NULL::revenue_asset, d.registry->'assets') AS r WHERE d.number = $1`,
      [number],
    );
    const kept = blocksOfDetached(number);
    await db.query(`INSERT INTO block SELECT * FROM ${kept} ON CONFLICT DO NOTHING`);
    await db.query(`DROP TABLE ${kept}`);
    for (const { table, name, from, to } of partitions) {
      await db.query(
        `ALTER TABLE ${table} ATTACH PARTITION ${name} FOR VALUES FROM (${from}) TO (${to})`,
      );
    }
    await db.query('DELETE FROM detached_token WHERE number = $1', [number]);
    await announce(db, token.startBlock, token.archivedBlock);
  });
  return token;
}

async function findDetached(
  db: SqlClient,
  chainId: number,
  address: Address,
): Promise<DetachedToken> {
  const all = await readDetachedTokens(db);
  const found = all.find((token) => token.chainId === chainId && token.address === address);
  if (found !== undefined) return found;
  const names = all.map((token) => `${checksummed(token.address)} on chain ${token.chainId}`);
  throw new ImoError(
    'NOT_DETACHED',
    `${checksummed(address)} on chain ${chainId} is not detached`,
    names.length === 0 ? 'No token is detached.' : `Detached tokens: ${names.join(', ')}.`,
  );
}

async function assertSameRows(
  db: SqlClient,
  { address, partitions }: DetachedToken,
): Promise<void> {
  for (const { name, rows, checksum } of partitions) {
    const isThere = await db.query<{ is_there: boolean }>(
      'SELECT to_regclass($1) IS NOT NULL AS is_there',
      [name],
    );
    const now =
      isThere.rows[0]?.is_there === true
        ? await measurePartition(db, name)
        : { rows: 0, checksum: '' };
    if (now.rows === rows && now.checksum === checksum) continue;
    throw new ImoError(
      'ATTACH_DIFFERS',
      `the table ${name} of ${checksummed(address)} has ${now.rows} rows, and had ${rows} when it was detached, or other ones`,
      'Nothing is changed. Restore the table as it was, or index the token again into a new database.',
    );
  }
}

async function assertNotIndexed(db: SqlClient, { chainId, address }: DetachedToken): Promise<void> {
  const { rowCount } = await db.query('SELECT FROM token WHERE chain_id = $1 AND address = $2', [
    chainId,
    addressBytes(address),
  ]);
  if (rowCount === 0) return;
  throw new ImoError(
    'ATTACH_INDEXED_AGAIN',
    `${checksummed(address)} on chain ${chainId} was indexed again since it was detached`,
    'Nothing is changed. Keep the new books; or take the token out of the config, `imo-ledger forget` it, and attach the earlier ones.',
  );
}

/** Blocks of the books that a fork replaced, or that the chain took back. */
async function assertNotForked(db: SqlClient, token: DetachedToken): Promise<void> {
  const { chainId, number, address, archivedBlock, detachedAt } = token;
  const { rows } = await db.query<{ block: number }>(
    `SELECT min(block) AS block FROM (
       SELECT k.number AS block FROM ${blocksOfDetached(number)} k
         JOIN block b ON b.id = k.id AND b.hash <> k.hash
       UNION ALL SELECT fork_height + 1 FROM chain_reorg
         WHERE chain_id = $1 AND handled_at >= $3 AND fork_height < $2) AS gone
     WHERE block IS NOT NULL`,
    [chainId, archivedBlock, detachedAt],
  );
  const block = rows[0]?.block ?? null;
  if (block === null) return;
  throw new ImoError(
    'ATTACH_FORKED',
    `the chain has other blocks from ${block} on than the books of ${checksummed(address)}, which end at block ${archivedBlock}`,
    'Nothing is changed. Put the token into the config: `imo-ledger index` books it again from the chain.',
  );
}
