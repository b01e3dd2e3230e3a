/** Commits to the shares of the first snapshot without a root, as the indexer does: DATABASE_URL in the environment. */
import { connectClient } from '../../src/store/database/postgres.js';
import { commitNextSnapshot } from '../../src/store/write/commitments.js';
import { CHAIN_ID } from '../node/spec.js';

const client = await connectClient({ connectionString: process.env.DATABASE_URL ?? '' });
try {
  await client.query('SET enable_seqscan = off; SET jit = off');
  const isDone = await commitNextSnapshot(client, CHAIN_ID, new AbortController().signal);
  if (!isDone) throw new Error('every snapshot has a root');
} finally {
  await client.end();
}
