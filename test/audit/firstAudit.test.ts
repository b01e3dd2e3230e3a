import { beforeAll, describe, expect, test } from 'vitest';
import { execute, latestBlock, mineBlocks } from '../../devnet/chain.js';
import { deployReference, deployWindowed } from '../../devnet/deploy.js';
import { DETAILED_PER_CONTRACT } from '../../src/audit/run.js';
import type { AuditConfig } from '../../src/config/audit.js';
import { ask, askData, operatorsPage, startTestApi } from '../api/support.js';
import { freshDatabase, query } from '../support/databases/postgres.js';
import { eventually } from '../support/eventually.js';
import { follow, indexTo } from '../support/programs/indexer.js';
import { runVerbHere } from '../support/programs/verbHere.js';
import { writeConfig } from '../support/programs/writeConfig.js';
import { AuditScene, liveThrough } from '../support/scenes/auditScene.js';
import { Scene } from '../support/scenes/scene.js';
import { auditHere } from './support.js';

const SETTINGS: AuditConfig = { holdersPerBlock: 1, everyBlocks: 1, callsPerSecond: 5000 };

let scene: Scene;
let snapshotBlock: number;

beforeAll(async () => {
  scene = await Scene.start();
  await liveThrough(scene);
  await mineBlocks(scene.chain, 3);
  const databaseUrl = await freshDatabase();
  await indexTo({ chain: scene.chain, databaseUrl, tokens: [scene.token.address] });
  const [row] = await query<{ block: number }>(
    databaseUrl,
    'SELECT min(block_number) AS block FROM snapshot',
  );
  snapshotBlock = Number(row?.block);
});

/** Books that were wrong at the first snapshot only: the version after it is right again. */
async function wrongForAWhile(): Promise<string> {
  const databaseUrl = await freshDatabase();
  await indexTo({ chain: scene.chain, databaseUrl, tokens: [scene.token.address] });
  await query(
    databaseUrl,
    `UPDATE pool_version SET redeem_pool_wei = redeem_pool_wei + 100
     WHERE block_number = ${snapshotBlock}`,
  );
  return databaseUrl;
}

describe('a figure that was wrong only at an earlier block', () => {
  test('does not show at the newest block, and shows where earlier ones are audited', async () => {
    const databaseUrl = await wrongForAWhile();
    const request = { chain: scene.chain, databaseUrl };
    expect(await auditHere(request)).toMatchObject({ mismatchCount: 0 });
    const { mismatches } = await auditHere({ ...request, earlier: 0 });
    expect(mismatches.length).toBeGreaterThan(0);
    expect(mismatches.every(({ block }) => block === snapshotBlock)).toBe(true);
    expect(mismatches.map(({ figure }) => figure)).toContain(
      `redeemableOnBurn(balanceOf(${scene.founder.toLowerCase()}))`,
    );
  });

  test('gives the command the exit code 1, unless only the one block is audited', async () => {
    const databaseUrl = await wrongForAWhile();
    const desk = await AuditScene.over(databaseUrl, scene.chain, [scene.token.address]);
    expect((await desk.run(['--earlier', '0'])).exitCode).toBe(1);
    expect((await desk.run(['--no-earlier'])).exitCode).toBe(0);
  });
});

test('a token that is wrong in every figure hides no other', async () => {
  const { chain, founder, token } = scene;
  const quiet = await deployReference(chain, {
    from: founder,
    name: 'Quiet',
    symbol: 'QUI',
    supply: 7n,
    percentClaimable: 80,
  });
  const databaseUrl = await freshDatabase();
  await indexTo({ chain, databaseUrl, tokens: [token.address, quiet.address] });
  // More holders than details are kept of one contract, none of whom the contract knows.
  await query(
    databaseUrl,
    `WITH made AS (SELECT decode(lpad(to_hex(n + 65536), 40, 'c'), 'hex') AS account FROM generate_series(1, 300) n),
       held AS (INSERT INTO holder (token_number, account, balance, claimed_wei, redeemed_wei)
         SELECT 1, account, 1, 0, 0 FROM made)
     INSERT INTO balance_checkpoint (token_number, account, block_number, "interval", balance)
     SELECT 1, account, 1, 0, 1 FROM made`,
  );
  await query(
    databaseUrl,
    'UPDATE balance_checkpoint SET balance = balance + 1 WHERE token_number = 2',
  );
  const { mismatches, mismatchCount } = await auditHere({ chain, databaseUrl });
  const of = (address: string) =>
    mismatches.filter((mismatch) => mismatch.token === address.toLowerCase()).length;
  expect(mismatchCount).toBeGreaterThan(300);
  expect(of(token.address)).toBe(DETAILED_PER_CONTRACT);
  expect(of(quiet.address)).toBeGreaterThan(0);
});

describe('a new token', () => {
  const request = async () => ({
    chain: scene.chain,
    databaseUrl: await freshDatabase(),
    tokens: [scene.token.address],
    audit: SETTINGS,
    finality: 2,
  });
  const text = () =>
    `{ token(chainId: ${scene.chain.chainId}, address: "${scene.token.address}") { supply isUnaudited } }`;

  test('is marked, and the server is not ready, until its figures were compared', async () => {
    const indexed = await request();
    await indexTo(indexed);
    const api = await startTestApi(indexed.databaseUrl);
    const ready = () => operatorsPage(api, '/ready');
    try {
      const { address } = await askData(api, text().replace('supply isUnaudited', 'address')).then(
        ({ token }) => token,
      );
      expect(await ask(api, text())).toEqual({
        data: { token: { supply: '900', isUnaudited: true } },
        extensions: { unaudited: [{ chainId: scene.chain.chainId, token: address }] },
      });
      expect(await (await ready()).text()).toContain('1 tokens wait for their first audit');
    } finally {
      await api.close();
    }
    const follower = follow(indexed);
    await follower.caughtUp();
    await audited(indexed.databaseUrl);
    await follower.stop();
    const later = await startTestApi(indexed.databaseUrl);
    try {
      expect(await ask(later, text())).toEqual({
        data: { token: { supply: '900', isUnaudited: false } },
      });
      expect((await operatorsPage(later, '/ready')).status).toBe(200);
    } finally {
      await later.close();
    }
  });

  /** Mines until the background audit was there; bounded by the time of the test. */
  function audited(databaseUrl: string): Promise<void> {
    return eventually(async () => {
      await mineBlocks(scene.chain, 1);
      const waiting = 'SELECT FROM first_audit WHERE audited_at IS NULL';
      expect(await query(databaseUrl, waiting)).toEqual([]);
    });
  }

  test('a new token that was indexed to a block is audited at the end of the run', async () => {
    const { chain, token } = scene;
    const databaseUrl = await freshDatabase();
    const { number } = await latestBlock(chain);
    const config = await writeConfig(
      `chains: [{id: ${chain.chainId}, rpc: '${chain.url}', tokens: [{address: '${token.address}'}]}]`,
    );
    const index = ['index', '--config', config, '--to-block', String(number)];
    const run = await runVerbHere(index, { DATABASE_URL: databaseUrl });
    expect(run.stdout).toMatch(/figures of \d+ accounts compared, 0 mismatches/);
    expect(run.exitCode).toBe(0);
    // The books are altered: the next run to the same block finds it.
    await query(databaseUrl, 'UPDATE balance_checkpoint SET balance = balance + 1');
    const again = await runVerbHere(index, { DATABASE_URL: databaseUrl });
    expect(again.stdout).toContain('MISMATCH balanceOf(');
    expect(again.exitCode).toBe(1);
    const api = await startTestApi(databaseUrl);
    try {
      const { extensions } = (await ask(api, text())) as { extensions?: unknown };
      expect(extensions).toHaveProperty('disagreements');
    } finally {
      await api.close();
    }
  });

  test('is audited at the end of the run although another token is held', async () => {
    const { chain, token, founder, friend } = scene;
    const other = await deployWindowed(chain, 'RevShareWindowedSeconds', {
      from: founder,
      name: 'Honest',
      symbol: 'HON',
      supply: 1000n,
      percentClaimable: 60,
      window: 2,
      snapshotInterval: 10,
    });
    await scene.pay(10n ** 18n);
    // No rule explains this payment.
    await execute(chain, { from: token.address, to: friend, valueWei: 1n });
    const { number } = await latestBlock(chain);
    const databaseUrl = await freshDatabase();
    const config = await writeConfig(
      `chains: [{id: ${chain.chainId}, rpc: '${chain.url}', tokens: [{address: '${token.address}'}, {address: '${other.address}'}]}]`,
    );
    const index = ['index', '--config', config, '--to-block', String(number)];
    const run = await runVerbHere(index, { DATABASE_URL: databaseUrl });
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain('CHAIN_UNEXPLAINED_PAYMENT');
    expect(run.stdout).toMatch(/figures of \d+ accounts compared/);
    expect(await query(databaseUrl, 'SELECT FROM first_audit WHERE audited_at IS NULL')).toEqual(
      [],
    );
  });
});
