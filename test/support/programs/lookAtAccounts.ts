import type { Chain } from '../../../devnet/anvil.js';
import { PoolConnection } from '../../../src/chain/rpc/connection/poolConnection.js';
import { AccountKeeper } from '../../../src/processor/run/accountKeeper.js';
import { connectClient } from '../../../src/store/database/postgres.js';
import { readCursor } from '../../../src/store/write/cursor.js';

/**
 * Lets a keeper read accounts at the newest indexed block, as an indexer does that follows the head, and waits
 * until it is done.
 *
 * @param url of the endpoint that it asks
 * @returns its failures
 */
export async function lookAtAccounts(
  chain: Chain,
  databaseUrl: string,
  url = chain.url,
): Promise<unknown[]> {
  const failures: unknown[] = [];
  const rpc = new PoolConnection({ urls: [url], chainId: null });
  const { chainId } = chain;
  const onFailure = (error: unknown) => failures.push(error);
  const keeper = new AccountKeeper({ databaseUrl, chainId, rpc, onFailure });
  const client = await connectClient({ connectionString: databaseUrl });
  const cursor = await readCursor(client, chainId);
  await client.end();
  if (cursor === null) throw new Error('nothing is indexed');
  keeper.wake(cursor.head);
  await keeper.settled();
  await keeper.stop();
  rpc.close();
  return failures;
}
