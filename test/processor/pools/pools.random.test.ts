import { keccak256, toBeHex } from 'ethers';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { latestBlock, mineBlock, sendTransaction, setAutomine } from '../../../devnet/chain.js';
import { type DeployedContract, encodeCall } from '../../../devnet/deploy.js';
import { SeededRandom } from '../../../devnet/random.js';
import type { Address } from '../../../src/address.js';
import {
  type DepositPoolRecord,
  readDepositPools,
} from '../../../src/store/read/pools/depositPools.js';
import { readPoolDust } from '../../../src/store/read/pools/poolDust.js';
import { readThrough, type ThroughPath } from '../../../src/store/read/pools/through.js';
import { readTokens } from '../../../src/store/read/tokens/tokens.js';
import { freshDatabase } from '../../support/databases/postgres.js';
import { indexTo } from '../../support/programs/indexer.js';
import { PoolScene, type PoolStep } from '../../support/scenes/poolScene.js';

const SEED = Number(process.env.SEED ?? 4626);
const DEPOSITORS = 1_000;
const ROUNDS = Number(process.env.ROUNDS ?? 12);

/** Answers of a view for many accounts, in one request. */
async function viewsOf(
  { chain }: PoolScene,
  contract: DeployedContract,
  name: string,
  argsOf: readonly (readonly unknown[])[],
): Promise<bigint[]> {
  const answer = await fetch(chain.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(
      argsOf.map((args, id) => ({
        jsonrpc: '2.0',
        id,
        method: 'eth_call',
        params: [{ to: contract.address, data: encodeCall(contract, name, args) }, 'latest'],
      })),
    ),
  });
  const results = (await answer.json()) as { id: number; result: string }[];
  const words = new Map(results.map(({ id, result }) => [id, BigInt(result)]));
  return argsOf.map((_, id) => words.get(id) ?? -1n);
}

describe(`pools of ${DEPOSITORS} depositors with random deposits, withdrawals and transfers, seed ${SEED}`, () => {
  it('have the shares that their own views say, and split their entitlement to the wei', async () => {
    const random = new SeededRandom(SEED);
    const scene = await PoolScene.start();
    const { chain, token, founder, payer } = scene;
    const vault = await scene.add('RevenueVault', 'erc4626');
    const stake = await scene.add('StakePool', 'shares');
    const odd = await scene.add('OddPool', 'custom');
    await scene.fund(10n ** 23n, [vault, stake, odd]);
    const accounts = Array.from(
      { length: DEPOSITORS },
      (_, index) => keccak256(toBeHex(index + 1)).slice(0, 42) as Address,
    );
    const units = (): bigint => BigInt(random.integer(1, 1_000_000_000));
    const deposit = (account: string): PoolStep => {
      const pool = random.integer(0, 2);
      if (pool === 0) return [vault, 'deposit', [units(), account]];
      if (pool === 1) return [stake, 'stakeFor', [account, units()]];
      return [odd, 'lockFor', [account, units(), random.integer(1, 5)]];
    };
    for (let start = 0; start < DEPOSITORS; start += 125) {
      await scene.route(accounts.slice(start, start + 125).map(deposit));
    }

    const someone = () => accounts[random.integer(0, DEPOSITORS - 1)] ?? payer;
    const shares = async (pool: DeployedContract, account: string) => {
      const view = pool === odd ? 'weightOf' : 'balanceOf';
      return scene.view<bigint>(pool, view, [account]);
    };
    /** What a depositor does of its own will, if it has shares; mined later. */
    const act = async () => {
      const account = someone();
      for (const pool of [vault, stake, odd]) {
        const held = await shares(pool, account);
        if (held < 4n) continue;
        await chain.rpc.call('anvil_setBalance', [account, '0xde0b6b3a7640000']);
        const part = random.integer(0, 2) === 0 ? held : held / BigInt(random.integer(2, 4));
        const isOut = random.integer(0, 1) === 0;
        if (pool === vault) {
          if (isOut) await scene.send(account, vault, 'redeem', [part, account, account]);
          else await scene.send(account, vault, 'transfer', [someone(), part]);
        } else if (pool === stake) {
          if (isOut) await scene.send(account, stake, 'unstake', [part]);
          else await scene.send(account, stake, 'transfer', [someone(), part]);
        } else if (isOut) await scene.send(account, odd, 'unlock', [part]);
        else await scene.send(account, odd, 'hand', [someone(), part]);
        return;
      }
    };
    for (let round = 0; round < ROUNDS; round++) {
      await setAutomine(chain, false);
      await sendTransaction(chain, {
        from: payer,
        to: token.address,
        valueWei: BigInt(random.integer(1, 2 ** 31)) * 10n ** 9n + units(),
      });
      for (let at = 0; at < 6; at++) await act();
      // In one transaction: deposits on both sides of a snapshot, and the pools note their shares there.
      await sendTransaction(
        chain,
        scene.routed([
          deposit(someone()),
          deposit(someone()),
          [token, 'snapshot', []],
          [vault, 'mark', []],
          [stake, 'mark', []],
          deposit(someone()),
          deposit(someone()),
        ]),
      );
      for (let at = 0; at < 6; at++) await act();
      await sendTransaction(chain, {
        from: founder,
        to: odd.address,
        data: encodeCall(odd, 'boost', [someone(), units()]),
      });
      await mineBlock(chain, (await latestBlock(chain)).timestamp + 20);
      await setAutomine(chain, true);
    }
    expect(await scene.view<bigint>(vault, 'balanceOf', [someone()])).toBeGreaterThanOrEqual(0n);

    const databaseUrl = await freshDatabase();
    const block = await indexTo(scene.request(databaseUrl));
    const db = new pg.Pool({ connectionString: databaseUrl, max: 2 });
    try {
      const pools = await readDepositPools(db);
      const [record] = await readTokens(db, {
        chainId: chain.chainId,
        address: token.address as Address,
      });
      if (record === undefined) throw new Error('the token is not indexed');
      const keys = accounts.map((account) => ({ token: record, account, block }));
      const through = await readThrough(db, pools, keys);
      const pathOf = (index: number, pool: DepositPoolRecord): ThroughPath | undefined =>
        through[index]?.find(({ path }) => path[0]?.number === pool.number);
      expect(through.flat().length).toBeGreaterThan(DEPOSITORS);

      for (const [at, contract] of [vault, stake, odd].entries()) {
        const pool = pools[at];
        if (pool === undefined) throw new Error('a pool is not indexed');
        // Shares now, of everybody and of all.
        const view = contract === odd ? 'weightOf' : 'balanceOf';
        const held = await viewsOf(
          scene,
          contract,
          view,
          accounts.map((account) => [account]),
        );
        expect(accounts.map((_, index) => pathOf(index, pool)?.entitlement.shares ?? 0n)).toEqual(
          held,
        );
        const total = held.reduce((sum, one) => sum + one, 0n);
        const paths = accounts.flatMap((_, index) => pathOf(index, pool) ?? []);
        const [first] = paths;
        if (first === undefined) throw new Error('nobody is a depositor');
        expect(first.entitlement.totalShares).toBe(total);

        // What the pool is owed is what the contract says.
        const owed = await viewsOf(
          scene,
          token,
          'claimableRevenue',
          [ROUNDS - 1, ROUNDS].map((id) => [contract.address, id]),
        );
        const open = first.pool.snapshots.slice(-2).map(({ claimableWei }) => claimableWei);
        expect(open).toEqual(owed);

        const dust = await readPoolDust(
          db,
          first.pool.snapshots.map(({ snapshotId, shareWei }) => {
            return { poolNumber: pool.number, snapshotId, poolShareWei: shareWei };
          }),
        );
        for (const [index, { snapshotId, shareWei }] of first.pool.snapshots.entries()) {
          const parts = paths.map(({ entitlement }) => entitlement.snapshots[index]);
          const sum = parts.reduce((all, part) => all + (part?.shareWei ?? 0n), 0n);
          expect(sum + (dust[index] ?? -1n), `snapshot ${snapshotId}`).toBe(shareWei);
          expect(dust[index]).toBeLessThan(BigInt(DEPOSITORS));
          const shared = parts.reduce((all, part) => all + (part?.shares ?? 0n), 0n);
          expect(shared, `shares at ${snapshotId}`).toBe(parts[0]?.totalShares);
        }

        // Shares at snapshots that lie inside a transaction, as the pool noted them there.
        if (contract === odd) continue;
        for (const snapshotId of [1, Math.ceil(ROUNDS / 2), ROUNDS]) {
          const noted = await viewsOf(
            scene,
            contract,
            'balanceOfAt',
            accounts.map((account) => [account, snapshotId]),
          );
          const ours = accounts.map(
            (_, index) => pathOf(index, pool)?.entitlement.snapshots[snapshotId - 1]?.shares ?? 0n,
          );
          expect(ours, `shares at snapshot ${snapshotId}`).toEqual(noted);
          expect(first.entitlement.snapshots[snapshotId - 1]?.totalShares).toBe(
            (await viewsOf(scene, contract, 'totalSupplyAt', [[snapshotId]]))[0],
          );
        }
      }
    } finally {
      await db.end();
    }
  }, 120_000);
});
