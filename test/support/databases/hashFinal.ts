import pg from 'pg';
import { hashNextBlocks } from '../../../src/store/ledgerHash/hashChain.js';

/** Hashes what is final, as the indexer does. */
export async function hashFinal(databaseUrl: string, chainIds: readonly number[]): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    for (const chainId of chainIds) while (await hashNextBlocks(client, chainId));
  } finally {
    await client.end();
  }
}
