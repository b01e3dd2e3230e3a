import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { defaultAccounts } from '../../../devnet/actors.js';
import { execute, latestBlock, mineBlocks } from '../../../devnet/chain.js';
import { deployContract } from '../../../devnet/deploy.js';
import { ChainNode } from '../../../src/chain/node.js';
import { detectPool } from '../../../src/chain/pools/detectPool.js';
import type { PoolConfig } from '../../../src/config/pools/pools.js';
import type { ThroughPath } from '../../../src/store/read/pools/through.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';
import { dumpTables } from '../../support/databases/tables.js';
import { follow, indexTo } from '../../support/programs/indexer.js';
import { AuditScene } from '../../support/scenes/auditScene.js';
import { PoolScene } from '../../support/scenes/poolScene.js';
import { throughOf } from '../../support/scenes/throughOf.js';

function open(databaseUrl: string): pg.Pool {
  const db = new pg.Pool({ connectionString: databaseUrl, max: 2 });
  onTestFinished(() => db.end());
  return db;
}

/** Per pool: the shares of each snapshot and what became of them. */
function shown(paths: readonly ThroughPath[] | undefined) {
  return paths?.map(({ path, entitlement }) => ({
    through: path.map(({ kind, number }) => `${kind} ${number}`),
    shares: entitlement.snapshots.map((at) => `${at.shares}/${at.totalShares} ${at.state}`),
    claimable: entitlement.totalClaimableWei,
    claimed: entitlement.claimedWei,
    expired: entitlement.expiredWei,
  }));
}

describe('looking through pools', () => {
  it('splits what vaults, pools over vaults and vesting wallets are owed, and agrees with their views', async () => {
    const scene = await PoolScene.start(1_000_000n);
    const { chain, token, founder } = scene;
    const [, , ann = '', ben = '', eve = ''] = await defaultAccounts(chain);
    const vault = await scene.add('RevenueVault', 'erc4626');
    const stake = await scene.add('StakePool', 'shares', vault);
    const owned = await scene.add('OwnedVesting', 'vesting', token, [ann]);
    const fixed = await scene.add('FixedVesting', 'vesting', token, [ben]);
    // Shares of the vault were there before it: what a vault says is what it holds.
    scene.pools.splice(0, 1, { ...scene.pools[0], token: null } as PoolConfig);
    await scene.fund(100_000n, [vault]);
    await scene.call(founder, token, 'transfer', [owned.address, 1_000n]);
    await scene.call(founder, token, 'transfer', [fixed.address, 2_000n]);
    await scene.route([
      [vault, 'deposit', [100n, ann]],
      [vault, 'deposit', [300n, ben]],
    ]);
    // Ann stakes 50 of her shares of the vault for 150 shares of the pool over it; Eve gets a third.
    await scene.call(ann, vault, 'approve', [stake.address, 50n]);
    await scene.call(ann, stake, 'stake', [50n]);
    await scene.call(ann, stake, 'transfer', [eve, 50n]);
    await scene.share(1_000_000n);
    await scene.call(ann, owned, 'transferOwnership', [eve]);
    await scene.call(ben, vault, 'claim', [1n]);
    await scene.call(ben, vault, 'redeem', [300n, ben, ben]);
    await scene.share(5_000_000n);
    await scene.share(1_000_000n);
    const databaseUrl = await freshDatabase();
    const block = await indexTo(scene.request(databaseUrl));
    const db = open(databaseUrl);
    const { through } = await throughOf(db, [ann, ben, eve, vault.address], block);

    // p = 80: 0.8 wei for a unit of the first snapshot, and the vault has 400. What nobody claimed of it, all
    // but 320 wei, comes back with the third: 159 wei for the 100 units of the vault then.
    expect(shown(through[0])).toEqual([
      {
        through: ['erc4626 2'],
        shares: ['50/400 CLAIMED', '50/100 OPEN', '50/100 OPEN'],
        claimable: 200n + 79n,
        claimed: 40n,
        expired: 0n,
      },
      {
        // A half of what the vault is owed is the pool's, of which Ann has two thirds: 133 of 200.
        through: ['erc4626 2', 'shares 3'],
        shares: ['100/150 CLAIMED', '100/150 OPEN', '100/150 OPEN'],
        claimable: 133n + 52n,
        claimed: 26n,
        expired: 0n,
      },
      {
        through: ['vesting 4'],
        shares: ['1/1 EXPIRED', '0/1 NOTHING', '0/1 NOTHING'],
        claimable: 0n,
        claimed: 0n,
        expired: 800n,
      },
    ]);
    expect(shown(through[1])?.map(({ through: path, shares }) => [path[0], ...shares])).toEqual([
      ['erc4626 2', '300/400 CLAIMED', '0/100 NOTHING', '0/100 NOTHING'],
      ['vesting 5', '1/1 EXPIRED', '1/1 OPEN', '1/1 OPEN'],
    ]);
    expect(
      shown(through[2])?.map(({ through: path, claimable }) => [path.at(-1), claimable]),
    ).toEqual([
      ['shares 3', 66n + 26n],
      ['vesting 4', 4_000n + 1_599n],
    ]);
    // The pool over the vault is a depositor of the vault; the vault is one of nobody.
    expect(through[3]).toEqual([]);

    const audit = await AuditScene.over(databaseUrl, chain, [token.address]);
    const verdict = await audit.verdict();
    expect(verdict.mismatches).toBe(0);
    await query(databaseUrl, `UPDATE pool_share SET shares = shares + 1 WHERE pool_number = 3`);
    const wrong = await audit.verdict();
    expect(wrong.details.map(({ figure }) => figure.split('(')[0])).toEqual([
      'shares pool balanceOf',
      'shares pool balanceOf',
    ]);
    expect(wrong.details[0]?.operations.length).toBeGreaterThan(0);
  }, 60_000);
});

describe('the books of a pool', () => {
  it('after a reorg are those of a fresh index', async () => {
    const scene = await PoolScene.start();
    const { chain, founder, payer } = scene;
    const vault = await scene.add('RevenueVault', 'erc4626');
    await scene.fund(10_000n, [vault]);
    await scene.route([[vault, 'deposit', [100n, founder]]]);
    await mineBlocks(chain, 20, 1);
    const databaseUrl = await freshDatabase();
    const follower = follow(scene.request(databaseUrl));
    await follower.caughtUp();
    const fork = await chain.rpc.call<string>('evm_snapshot');
    await scene.route([[vault, 'deposit', [50n, payer]]]);
    await scene.share(1_000n);
    await follower.caughtUp();
    const firstHead = (await latestBlock(chain)).number;
    const replaced = await dumpTables(databaseUrl);
    await chain.rpc.call('evm_revert', [fork]);
    await scene.share(2_000n);
    await scene.call(founder, vault, 'transfer', [payer, 30n]);
    await mineBlocks(chain, Math.max(1, firstHead + 1 - (await latestBlock(chain)).number), 1);
    await follower.caughtUp();
    await follower.stop();
    const fresh = await freshDatabase();
    await indexTo(scene.request(fresh));
    const followed = await dumpTables(databaseUrl);
    expect(followed).toEqual(await dumpTables(fresh));
    expect(followed.pool_share).not.toEqual(replaced.pool_share);
    expect(followed.pool_snapshot).not.toEqual(replaced.pool_snapshot);
  }, 60_000);

  it('end where its own views say otherwise, and those of the token continue', async () => {
    const scene = await PoolScene.start(1_000_000n);
    const { chain, founder, payer } = scene;
    const stake = await scene.add('StakePool', 'shares');
    await scene.fund(10_000n, [stake]);
    await scene.route([[stake, 'stakeFor', [founder, 100n]]]);
    await scene.share(1_000_000n);
    const databaseUrl = await freshDatabase();
    await indexTo(scene.request(databaseUrl));
    // Shares that no event shows.
    await scene.call(founder, stake, 'conjure', [payer, 0n, 7n]);
    await scene.route([[stake, 'stakeFor', [payer, 10n]]]);
    await scene.share(1_000_000n);
    const failure = await indexTo(scene.request(databaseUrl)).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'POOL_SHARES_DIFFER' });
    expect(String(failure)).toMatch(/balanceOf\(0x.*\) of pool 0x.* is 37, the books say 30/);
    const [hold] = await query(databaseUrl, 'SELECT kind, last_block FROM contract_hold');
    expect(hold).toMatchObject({ kind: 'pool' });
    const block = (await latestBlock(chain)).number;
    const { through, token } = await throughOf(open(databaseUrl), [founder], block);
    expect(token.startBlock).toBeLessThan(block);
    const [of] = through[0] ?? [];
    // The shares at the second snapshot are not known: it is named, not guessed.
    expect(of?.pool.snapshots.length).toBe(2);
    expect(of?.entitlement.unknownSnapshots).toEqual([2]);
    expect(of?.entitlement.snapshots[0]).toMatchObject({ shares: 300n, totalShares: 300n });
  }, 60_000);

  it('do not begin for what is not such a pool', async () => {
    const scene = await PoolScene.start();
    const { chain, founder, token, router } = scene;
    const vault = await scene.add('RevenueVault', 'erc4626');
    const stake = await scene.add('StakePool', 'shares');
    const [ofVault, ofStake] = scene.pools;
    if (ofVault === undefined || ofStake === undefined) throw new Error('no pools');
    const other = await deployContract(chain, 'PlainToken', ['Other', 'OTH', 5n], {
      from: founder,
    });
    const foreign = await deployContract(chain, 'RevenueVault', [other.address], { from: founder });
    await execute(chain, { from: founder, to: token.address, valueWei: 5n });
    const at = (address: string) => address as PoolConfig['address'];
    const node = new ChainNode(chain.url);
    onTestFinished(() => node.close());
    const textOf = (error: { code?: unknown; message?: string }) =>
      `${error.code}: ${error.message}`;
    const refusal = (pool: PoolConfig) => detectPool(node, pool, null).then(() => 'none', textOf);
    const refusalOf = async (...pools: readonly PoolConfig[]) => {
      scene.pools.splice(0, scene.pools.length, ...pools);
      return indexTo(scene.request(await freshDatabase())).then(() => 'none', textOf);
    };
    expect(await refusal({ ...ofVault, address: `0x${'77'.repeat(20)}` })).toMatch(
      /^POOL_NOT_A_CONTRACT: there is no contract at/,
    );
    expect(await refusal({ ...ofStake, kind: 'erc4626' })).toMatch(
      /^POOL_KIND_DIFFERS: .* is not a pool of kind erc4626: it lacks asset\(\), totalAssets\(\)/,
    );
    expect(await refusal({ ...ofStake, address: at(router.address) })).toMatch(
      /^POOL_KIND_DIFFERS: .* it lacks totalSupply\(\), balanceOf\(address\)/,
    );
    expect(await refusal({ ...ofStake, kind: 'vesting' })).toMatch(
      /^POOL_KIND_DIFFERS: .* it lacks owner\(\) and beneficiary\(\)/,
    );
    expect(await refusal({ ...ofVault, address: at(foreign.address) })).toMatch(
      /^POOL_ASSET_DIFFERS: the asset of vault/,
    );
    expect(await refusalOf({ ...ofVault, address: at(foreign.address), token: null })).toMatch(
      /^POOL_ASSET_DIFFERS: pool .* holds .*, which is neither a token nor a pool/,
    );
    const { number } = await latestBlock(chain);
    expect(await refusal({ ...ofVault, startBlock: number })).toMatch(
      new RegExp(`^POOL_START_TOO_LATE: .*block ${vault.deploymentBlock}$`),
    );
    // Each stands behind the other.
    expect(
      await refusalOf(
        { ...ofStake, token: at(other.address) },
        { ...ofStake, address: at(other.address), token: at(stake.address) },
      ),
    ).toMatch(/^POOL_NESTED_TOO_DEEP: .* or behind itself$/);

    const databaseUrl = await freshDatabase();
    scene.pools.splice(0, scene.pools.length, ofVault, ofStake);
    await indexTo(scene.request(databaseUrl));
    scene.pools.splice(0, scene.pools.length, ofVault, { ...ofStake, token: ofVault.address });
    await indexTo(scene.request(databaseUrl));
    const [changed] = await query<{ holds: Buffer }>(
      databaseUrl,
      "SELECT holds FROM deposit_pool WHERE chain_id > 0 AND kind = 'shares'",
    );
    expect(`0x${changed?.holds.toString('hex')}`).toBe(ofVault.address.toLowerCase());
  }, 60_000);
});
