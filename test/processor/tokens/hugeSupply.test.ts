import pg from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import { defaultAccounts } from '../../../devnet/actors.js';
import { execute, latestBlock, mineBlock } from '../../../devnet/chain.js';
import { deployWindowed, encodeCall } from '../../../devnet/deploy.js';
import type { Address } from '../../../src/address.js';
import { readTokens } from '../../../src/store/read/tokens/tokens.js';
import { compareToken } from '../../prove/compare.js';
import { freshDatabase } from '../../support/databases/postgres.js';
import { startAnvil } from '../../support/nodes/anvil.js';
import { indexTo } from '../../support/programs/indexer.js';

it('a share whose product exceeds 256 bits cannot be claimed, as in the contract', async () => {
  const chain = await startAnvil({ genesisTimestamp: 1_750_000_000 });
  const [founder = '', friend = '', payer = ''] = await defaultAccounts(chain);
  const token = await deployWindowed(chain, 'RevShareWindowedSeconds', {
    from: founder,
    name: 'Huge',
    symbol: 'HGE',
    supply: 2n ** 256n - 1n,
    percentClaimable: 80,
    window: 2,
    snapshotInterval: 10,
  });
  const call = (from: string, name: string, args: unknown[]) =>
    execute(chain, { from, to: token.address, data: encodeCall(token, name, args) });
  // 2^246 times 800 wei still fits into 256 bits; the founder's rest does not.
  await call(founder, 'transfer', [friend, 2n ** 246n]);
  await execute(chain, { from: payer, to: token.address, valueWei: 1000n });
  await mineBlock(chain, (await latestBlock(chain)).timestamp + 20);
  await call(founder, 'snapshot', []);

  const databaseUrl = await freshDatabase();
  const block = await indexTo({ chain, databaseUrl, tokens: [token.address] });
  const pool = new pg.Pool({ connectionString: databaseUrl });
  pool.on('error', () => undefined);
  onTestFinished(() => pool.end());
  const [record] = await readTokens(pool);
  if (record === undefined) throw new Error('the token was not indexed');
  const holders = [founder, friend].map((account) => account.toLowerCase() as Address);
  const { mismatches } = await compareToken(pool, chain, record, holders, block);
  expect(mismatches).toEqual([]);
});
