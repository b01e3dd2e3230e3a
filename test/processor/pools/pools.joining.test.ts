import { expect, it } from 'vitest';
import type { PoolConfig } from '../../../src/config/pools/pools.js';
import { proveFinalBlocks } from '../../../src/processor/run/proofs.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';
import { booksByAddress } from '../../support/databases/sameBooks.js';
import { indexTo } from '../../support/programs/indexer.js';
import { PoolScene } from '../../support/scenes/poolScene.js';

it('pools that come, change, go and come again have the books of a fresh index of the last config', async () => {
  const scene = await PoolScene.start(1_000_000n);
  const { founder, payer } = scene;
  const vault = await scene.add('RevenueVault', 'erc4626');
  const stake = await scene.add('StakePool', 'shares', vault);
  await scene.fund(100_000n, [vault]);
  await scene.route([[vault, 'deposit', [100n, founder]]]);
  await scene.call(founder, vault, 'approve', [stake.address, 50n]);
  await scene.call(founder, stake, 'stake', [50n]);
  await scene.share(1_000_000n);
  await scene.call(founder, stake, 'transfer', [payer, 20n]);
  await scene.share(2_000_000n);
  const [ofVault, ofStake] = scene.pools;
  if (ofVault === undefined || ofStake === undefined) throw new Error('no pools');
  const index = async (url: string, ...pools: PoolConfig[]) => {
    const lines: string[] = [];
    scene.pools.splice(0, scene.pools.length, ...pools);
    await indexTo({ ...scene.request(url), onWarning: (line) => lines.push(line) });
    return lines.join('\n');
  };
  const booksOf = async (url: string) => {
    await proveFinalBlocks(url, scene.chain.chainId, new AbortController().signal);
    return booksByAddress(url);
  };
  const fresh = await freshDatabase();
  await index(fresh, ofVault, ofStake);
  const expected = await booksOf(fresh);
  expect(expected.pool_share?.length).toBeGreaterThan(3);

  const databaseUrl = await freshDatabase();
  await index(databaseUrl);
  expect(await index(databaseUrl, ofVault)).toContain('+ pool');
  // It holds shares of a pool that is live and does not join.
  await index(databaseUrl, ofVault, ofStake);
  expect(await booksOf(databaseUrl)).toEqual(expected);

  // The vault as a pool of another kind: what is behind the other pool is booked again too.
  const asShares: PoolConfig = { ...ofVault, kind: 'shares' };
  const said = await index(databaseUrl, asShares, ofStake);
  expect(said).toContain('is booked again: another kind');
  expect(said).toContain('is booked again: what is behind a pool depends on the others');
  expect(await booksOf(databaseUrl)).not.toEqual(expected);

  // No history depends on a name.
  await index(databaseUrl, { ...asShares, label: 'vault' }, ofStake);
  const labels = await query(databaseUrl, 'SELECT label FROM deposit_pool WHERE label IS NOT NULL');
  expect(labels).toEqual([{ label: 'vault' }]);

  await index(databaseUrl, { ...ofVault, label: 'vault' });
  const [archived] = await query<{ ends: string }>(
    databaseUrl,
    "SELECT archived_block AS ends FROM contract WHERE kind = 'pool' AND archived_block IS NOT NULL",
  );
  expect(Number(archived?.ends)).toBeGreaterThan(0);

  await index(databaseUrl, ofVault, ofStake);
  expect(await booksOf(databaseUrl)).toEqual(expected);

  // A program whose manifests had no pools has written this: the pools continue.
  await query(
    databaseUrl,
    "UPDATE manifest SET config = config - 'lookThrough', booked_by = booked_by - 'pool'",
  );
  expect(await index(databaseUrl, ofVault, ofStake)).toBe('');
  expect(await booksOf(databaseUrl)).toEqual(expected);
}, 60_000);
