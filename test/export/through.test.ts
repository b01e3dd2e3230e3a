import pg from 'pg';
import { expect, it } from 'vitest';
import { defaultAccounts } from '../../devnet/actors.js';
import { freshDatabase, query } from '../support/databases/postgres.js';
import { indexTo } from '../support/programs/indexer.js';
import { PoolScene } from '../support/scenes/poolScene.js';
import { throughOf } from '../support/scenes/throughOf.js';
import { exportRows, exportText } from './support.js';

const sum = (amounts: readonly string[]) => amounts.reduce((all, text) => all + BigInt(text), 0n);

it('an export of what depositors are owed has their parts and the dust, which sum to what the pool is owed', async () => {
  const scene = await PoolScene.start(1_000_000n);
  const { founder } = scene;
  const [, , ann = '', ben = '', eve = ''] = await defaultAccounts(scene.chain);
  const vault = await scene.add('RevenueVault', 'erc4626');
  const stake = await scene.add('StakePool', 'shares', vault);
  await scene.fund(100_000n, [vault]);
  await scene.route([
    [vault, 'deposit', [100n, ann]],
    [vault, 'deposit', [301n, ben]],
  ]);
  await scene.call(ann, vault, 'approve', [stake.address, 50n]);
  await scene.call(ann, stake, 'stake', [50n]);
  await scene.call(ann, stake, 'transfer', [eve, 50n]);
  await scene.share(1_000_000n);
  await scene.call(ben, vault, 'claim', [1n]);
  await scene.call(ben, vault, 'redeem', [300n, ben, ben]);
  await scene.share(5_000_000n);
  const databaseUrl = await freshDatabase();
  const block = await indexTo(scene.request(databaseUrl));
  const rows = await exportRows(databaseUrl, 'through');
  const of = (pool: { readonly address: string }, snapshotId: number) =>
    rows
      .filter((row) => row.pool === pool.address.toLowerCase() && row.snapshot_id === snapshotId)
      .map(({ part, shares, share, claimable, claimed }) =>
        [part, shares, share, claimable, claimed].join(' '),
      );
  // The vault is paid 320 wei for 401 units, of which the pool over it has 50: 39 wei of it, for 150 shares.
  expect(of(vault, 1).toSorted()).toEqual([
    'DEPOSITOR 301 240 0 240',
    'DEPOSITOR 50 39 0 39',
    'DEPOSITOR 50 39 0 39',
    'DUST  2 0 2',
  ]);
  expect(of(stake, 1).toSorted()).toEqual([
    'DEPOSITOR 100 26 0 26',
    'DEPOSITOR 50 13 0 13',
    'DUST  0 0 0',
  ]);
  const path = `${vault.address}/${stake.address}`.toLowerCase();
  expect(rows.find(({ pool }) => pool === stake.address.toLowerCase())?.through).toBe(path);

  const db = new pg.Pool({ connectionString: databaseUrl, max: 2 });
  const accounts = [ann, ben, eve, founder, stake.address].map((text) => text.toLowerCase());
  const { through } = await throughOf(db, accounts, block).finally(() => db.end());
  const ledger = through.flatMap((paths, index) =>
    paths.flatMap(({ path: pools, entitlement }) =>
      entitlement.snapshots.flatMap(({ snapshotId, shares, poolShareWei, shareWei, claimedWei }) =>
        shares === 0n
          ? []
          : [
              {
                through: pools.map(({ address }) => address).join('/'),
                snapshot_id: snapshotId,
                depositor: accounts[index],
                shares: String(shares),
                pool_share: String(poolShareWei),
                share: String(shareWei),
                claimed: String(claimedWei),
              },
            ],
      ),
    ),
  );
  const ofDepositors = rows.filter(({ part }) => part === 'DEPOSITOR');
  expect(ofDepositors).toHaveLength(ledger.length);
  expect(ofDepositors).toEqual(
    expect.arrayContaining(ledger.map((row) => expect.objectContaining(row))),
  );
  for (const { pool, snapshot_id: id, pool_share: whole } of rows) {
    const parts = rows.filter((row) => row.pool === pool && row.snapshot_id === id);
    expect(sum(parts.map(({ share }) => share))).toBe(BigInt(whole));
  }

  const { manifest } = await exportText(databaseUrl, 'through');
  for (const [at, row] of rows.entries()) {
    const point = { cursor: row.row_id, resume: manifest.resume ?? '' };
    expect(await exportRows(databaseUrl, 'through', point)).toEqual(rows.slice(at + 1));
  }
  expect(await exportRows(databaseUrl, 'through', { holder: eve })).toEqual(
    rows.filter(({ depositor }) => depositor === eve.toLowerCase()),
  );
  // The books of a pool that do not have a snapshot: all of it is one row, and nothing is guessed.
  await query(databaseUrl, 'DELETE FROM pool_snapshot WHERE snapshot_id = 2 AND pool_number = 2');
  const unknown = await exportRows(databaseUrl, 'through', { snapshot: '2' });
  expect(
    unknown.map(({ part, depositor, share, pool_share }) => [
      part,
      depositor,
      share === pool_share,
    ]),
  ).toEqual([['UNKNOWN', null, true]]);
}, 60_000);
