import type { ClientBase } from 'pg';
import { addressFromBytes } from '../../address.js';
import { joiningKey } from '../booksKey.js';
import { leaveBooks } from '../leaving/leaveBooks.js';
import { announceCommit } from '../write/commitNotice.js';
import { type ChainCursor, readCursor } from '../write/cursor.js';
import { WEAKEST_FIRST } from '../write/groups/commonRanges.js';
import { rollBackHashes } from '../write/rollback.js';
import { discardJoining } from './discard.js';
import type { JoiningContract } from './joiningBooks.js';

/**
 * Takes over the kept blocks of joining books, in the caller's transaction, up to a final block: this may
 * take long, and the live index continues meanwhile.
 */
export async function takeBlocks(db: ClientBase, chainId: number, upTo: number): Promise<void> {
  const key = joiningKey(chainId);
  const left = 'WHERE chain_id = $1 AND number <= $2';
  await db.query(
    `INSERT INTO block (id, chain_id, number, hash, "timestamp")
     SELECT substr(id, 2), -chain_id, number, hash, "timestamp" FROM block ${left}
     ON CONFLICT DO NOTHING`,
    [key, upTo],
  );
  await db.query(`DELETE FROM block ${left}`, [key, upTo]);
}

/** The block at which joining books can become live; `null`: both must be indexed further. */
async function meetingBlock(db: ClientBase, chainId: number): Promise<ChainCursor | null> {
  const live = await readCursor(db, chainId);
  const joining = await readCursor(db, joiningKey(chainId));
  if (live === null || joining === null) return null;
  const isSame = live.head.height === joining.head.height && live.head.hash === joining.head.hash;
  if (!isSame) return null;
  // Blocks that were final for one of them only stay open to a reorg.
  return joining.finalized.height < live.finalized.height ? joining : live;
}

/**
 * Makes joining books live, in the caller's transaction, while nobody indexes either of them. Books of
 * the same contracts leave, archived ones too. The ledger hash starts again before the first block of
 * all of them, and readers read everything again as after a reorg.
 *
 * @returns `false`, with nothing changed, if both are not at the same block of the same fork
 */
export async function flipBooks(db: ClientBase, chainId: number): Promise<boolean> {
  const key = joiningKey(chainId);
  await db.query(
    'SELECT FROM chain_cursor WHERE chain_id IN ($1, $2) ORDER BY chain_id FOR UPDATE',
    [chainId, key],
  );
  const meeting = await meetingBlock(db, chainId);
  if (meeting === null) return false;
  const joining = await readContracts(db, key);
  const joined = new Set(joining.map(tableAndAddress));
  const replaced = (await readContracts(db, chainId)).filter((one) =>
    joined.has(tableAndAddress(one)),
  );
  await leaveBooks(db, chainId, replaced);
  for (const table of ['token', 'contract', 'sale', 'deposit_pool']) {
    await db.query(`UPDATE ${table} SET chain_id = $1, id = substr(id, 2) WHERE chain_id = $2`, [
      chainId,
      key,
    ]);
  }
  await db.query('UPDATE contract_hold SET chain_id = $1 WHERE chain_id = $2', [chainId, key]);
  await takeBlocks(db, chainId, meeting.head.height);
  await takeFinality(db, chainId, meeting);
  await takeRanges(db, chainId);
  const firstBlock = Math.min(...[...joining, ...replaced].map(({ startBlock }) => startBlock));
  await rollBackHashes(db, chainId, firstBlock - 1);
  await discardJoining(db, chainId);
  await announceCommit(db, {
    chainId,
    kind: 'rollback',
    fromBlock: firstBlock,
    toBlock: meeting.head.height,
  });
  return true;
}

interface Registered extends JoiningContract {
  readonly startBlock: number;
}

/** An address may be of another kind than before: it has one row in `contract` all the same. */
function tableAndAddress({ kind, address }: JoiningContract): string {
  return `${kind === 'token'} ${address}`;
}

async function readContracts(db: ClientBase, key: number): Promise<Registered[]> {
  const { rows } = await db.query<{
    kind: Registered['kind'];
    address: Buffer;
    start_block: number;
  }>(
    `SELECT 'token' AS kind, address, start_block FROM token WHERE chain_id = $1
     UNION ALL SELECT kind, address, start_block FROM contract WHERE chain_id = $1`,
    [key],
  );
  return rows.map(({ kind, address, start_block: startBlock }) => {
    return { kind, address: addressFromBytes(address), startBlock };
  });
}

/** Leaves what is final by the books that know less of it. */
async function takeFinality(db: ClientBase, chainId: number, meeting: ChainCursor): Promise<void> {
  const live = await readCursor(db, chainId);
  if (live === null || live.finalized.height <= meeting.finalized.height) return;
  await db.query(
    `UPDATE chain_cursor l SET finalized_height = j.finalized_height, finalized_hash = j.finalized_hash
     FROM chain_cursor j WHERE l.chain_id = $1 AND j.chain_id = $2`,
    [chainId, joiningKey(chainId)],
  );
  await db.query(
    `INSERT INTO hot_block (chain_id, height, hash, "timestamp")
     SELECT $1, height, hash, "timestamp" FROM hot_block WHERE chain_id = $2
     ON CONFLICT DO NOTHING`,
    [chainId, joiningKey(chainId)],
  );
}

/**
 * Gives each block the weaker of both proofs. Blocks outside of all ranges were read one by one, which
 * is the best proof.
 */
async function takeRanges(db: ClientBase, chainId: number): Promise<void> {
  const keys = [chainId, joiningKey(chainId)];
  const { rows } = await db.query<{
    from_block: string;
    to_block: string;
    finder: string;
    proof: string;
  }>(
    `WITH edges AS (
       SELECT from_block AS at FROM source_range WHERE chain_id = ANY($1)
       UNION SELECT to_block + 1 FROM source_range WHERE chain_id = ANY($1)),
     parts AS (SELECT at AS from_block, lead(at) OVER (ORDER BY at) - 1 AS to_block FROM edges)
     SELECT p.from_block, p.to_block, r.finder, r.proof
     FROM parts p CROSS JOIN LATERAL (
       SELECT finder, proof FROM source_range
       WHERE chain_id = ANY($1) AND from_block <= p.from_block AND to_block >= p.to_block
       ORDER BY ${WEAKEST_FIRST}, chain_id DESC LIMIT 1) r
     WHERE p.to_block IS NOT NULL ORDER BY p.from_block`,
    [keys],
  );
  await db.query('DELETE FROM source_range WHERE chain_id = ANY($1)', [keys]);
  const merged: { from: number; to: number; finder: string; proof: string }[] = [];
  for (const row of rows) {
    const [from, to] = [Number(row.from_block), Number(row.to_block)];
    const last = merged.at(-1);
    const continues =
      last !== undefined &&
      last.to + 1 === from &&
      last.finder === row.finder &&
      last.proof === row.proof;
    if (continues) last.to = to;
    else merged.push({ from, to, finder: row.finder, proof: row.proof });
  }
  await db.query(
    `INSERT INTO source_range (chain_id, from_block, to_block, finder, proof)
     SELECT $1, * FROM unnest($2::bigint[], $3::bigint[], $4::text[], $5::text[])`,
    [
      chainId,
      merged.map(({ from }) => from),
      merged.map(({ to }) => to),
      merged.map(({ finder }) => finder),
      merged.map(({ proof }) => proof),
    ],
  );
}
