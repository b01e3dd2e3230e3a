import type { ClientBase } from 'pg';
import { joiningKey } from '../booksKey.js';
import { blockId } from '../ids.js';
import { readContractNumbers } from '../registry/contractNumbers.js';
import { readOwnedBlocks } from '../write/ownedBlocks.js';

/** What cleaning a range of blocks came to. */
export interface CleanedBlocks {
  /** All kept blocks up to here have a row of some contract; `null`: there are no more final ones. */
  readonly upTo: number | null;
  readonly deleted: number;
}

/** Whether some kept blocks that are not final yet have no row of any contract. */
export async function hasOwnerlessHotBlocks(client: ClientBase, chainId: number): Promise<boolean> {
  const { rows } = await client.query<{ number: number }>(
    `SELECT number FROM block WHERE chain_id = $1 AND number > coalesce(
       (SELECT finalized_height FROM chain_cursor WHERE chain_id = $1), -1)
     ORDER BY number`,
    [chainId],
  );
  const [first] = rows;
  const last = rows.at(-1);
  if (first === undefined || last === undefined) return false;
  const owned = await ownedBlocks(client, chainId, first.number, last.number);
  return rows.some(({ number }) => !owned.has(number));
}

/**
 * Deletes the next kept blocks of a chain in which no contract of the registry has a row, up to the
 * newest final block. It keeps the lock of final results, so no rollback comes in between. Blocks of books
 * that are to join are kept for them.
 *
 * @param chainId the key of the books
 * @param from the first block of the search
 * @param limit at most so many kept blocks are examined
 */
export async function deleteOwnerlessBlocks(
  client: ClientBase,
  chainId: number,
  from: number,
  limit: number,
): Promise<CleanedBlocks> {
  await client.query('BEGIN');
  try {
    const { rows: cursor } = await client.query<{ height: number }>(
      'SELECT finalized_height AS height FROM chain_cursor WHERE chain_id = $1 FOR SHARE',
      [chainId],
    );
    const finalBlock = cursor[0]?.height ?? -1;
    const { rows } = await client.query<{ number: number }>(
      'SELECT number FROM block WHERE id > $1 AND id <= $2 ORDER BY id LIMIT $3',
      [blockId(chainId, from - 1), blockId(chainId, finalBlock), limit],
    );
    const blocks = rows.map(({ number }) => number);
    const last = blocks.at(-1) ?? null;
    const owned =
      last === null ? new Set<number>() : await ownedBlocks(client, chainId, from, last);
    const gone = blocks.filter((number) => !owned.has(number));
    await client.query('DELETE FROM block WHERE id = ANY($1)', [
      gone.map((number) => blockId(chainId, number)),
    ]);
    await client.query('COMMIT');
    return { upTo: last, deleted: gone.length };
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/** The blocks of a range, both ends included, in which a contract of the registry has a row. */
async function ownedBlocks(
  client: ClientBase,
  chainId: number,
  from: number,
  to: number,
): Promise<ReadonlySet<number>> {
  const numbers = [
    ...(await readContractNumbers(client, chainId)),
    ...(await readContractNumbers(client, joiningKey(chainId))),
  ];
  return readOwnedBlocks(client, numbers, { after: from - 1, upTo: to });
}
