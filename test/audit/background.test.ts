import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { execute, latestBlock, mineBlocks } from '../../devnet/chain.js';
import { deployFlatOracle, modelAsk } from '../../devnet/oracleContracts.js';
import { BackgroundAudit } from '../../src/audit/background/background.js';
import { PoolConnection } from '../../src/chain/rpc/connection/poolConnection.js';
import type { AuditConfig } from '../../src/config/audit.js';
import { ask, askData, operatorsPage, startTestApi } from '../api/support.js';
import { freshDatabase, query } from '../support/databases/postgres.js';
import { faultyProxy } from '../support/nodes/rpcProxy.js';
import { follow, indexTo } from '../support/programs/indexer.js';
import { runVerbHere } from '../support/programs/verbHere.js';
import { AuditScene, liveThrough } from '../support/scenes/auditScene.js';
import { CollectionScene, idOf, text } from '../support/scenes/collectionScene.js';
import { Scene } from '../support/scenes/scene.js';

const SETTINGS: AuditConfig = { holdersPerBlock: 1, everyBlocks: 1, callsPerSecond: 5000 };

/** Supply, ETH, three terms, `R`, `r`, and `CA`, `CL` of two snapshots; then four figures of a holder. */
const TOTALS = 11;
const PER_HOLDER = 4;

const FINALITY = 2;

function poolOf(urls: readonly string[]): PoolConnection {
  const pool = new PoolConnection({ urls, chainId: 31_337 });
  onTestFinished(() => pool.close());
  return pool;
}

interface AuditedScene {
  readonly scene: Scene;
  readonly databaseUrl: string;
  readonly audit: BackgroundAudit;
  readonly warnings: string[];
  /** Audits the newest block, which is mined for it. */
  round(): Promise<number>;
}

async function auditedScene(settings = SETTINGS): Promise<AuditedScene> {
  const scene = await Scene.start();
  await liveThrough(scene);
  const databaseUrl = await freshDatabase();
  const request = { chain: scene.chain, databaseUrl, tokens: [scene.token.address] };
  const warnings: string[] = [];
  const audit = new BackgroundAudit({
    chainId: scene.chain.chainId,
    rpc: poolOf([scene.chain.url]),
    databaseUrl,
    settings,
    onWarning: (line) => warnings.push(line),
  });
  onTestFinished(() => audit.close());
  await indexTo(request);
  const round = async () => {
    await mineBlocks(scene.chain, 1);
    const { number } = await latestBlock(scene.chain);
    const { hash } = await scene.chain.rpc.call<{ hash: string }>('eth_getBlockByNumber', [
      `0x${number.toString(16)}`,
      false,
    ]);
    audit.finalised({ height: number, hash });
    await audit.settled();
    return number;
  };
  return { scene, databaseUrl, audit, warnings, round };
}

/** All but the good end of a first audit, which is reported too. */
const isTrouble = (line: string) => !/^First audit .* 0 differ$/.test(line);

function progress(databaseUrl: string) {
  return query<{ block_number: number; figures: string; last: string | null }>(
    databaseUrl,
    `SELECT block_number, figures, '0x' || encode(last_account, 'hex') AS last
     FROM audit_progress`,
  );
}

function standing(databaseUrl: string) {
  return query<{ figure: string; first_block: number; ours: string; contract: string | null }>(
    databaseUrl,
    'SELECT figure, first_block, ours, contract FROM audit_mismatch ORDER BY figure',
  );
}

test('holders are checked in turn, one after the other and then from the start', async () => {
  const { scene, databaseUrl, warnings, round } = await auditedScene();
  const [first, second] = [scene.founder, scene.friend].map((one) => one.toLowerCase()).sort();
  const seen: unknown[] = [];
  for (let index = 0; index < 4; index++) {
    const block = await round();
    const [row] = await progress(databaseUrl);
    expect(row?.block_number).toBe(block);
    seen.push([row?.last, Number(row?.figures)]);
  }
  const all = TOTALS + PER_HOLDER;
  // The third round finds nobody behind the last one, and starts again.
  expect(seen).toEqual([
    [first, all],
    [second, 2 * all],
    [null, 2 * all + TOTALS],
    [first, 3 * all + TOTALS],
  ]);
  expect(warnings).toEqual([]);
  expect(await standing(databaseUrl)).toEqual([]);
});

test('a mismatch remains until the figure agrees again, and is logged once', async () => {
  const { scene, databaseUrl, warnings, round } = await auditedScene();
  const friend = scene.friend.toLowerCase();
  const spoil = (by: number) =>
    query(
      databaseUrl,
      `UPDATE balance_checkpoint SET balance = balance + $2 WHERE account = $1
       AND block_number = (SELECT max(block_number) FROM balance_checkpoint WHERE account = $1)`,
      [Buffer.from(friend.slice(2), 'hex'), by],
    );
  await spoil(1);
  const blocks = [await round(), await round(), await round()];
  const found = await standing(databaseUrl);
  expect(found.map(({ figure }) => figure)).toContain(`balanceOf(${friend})`);
  expect(found.find(({ figure }) => figure.startsWith('balanceOf'))).toMatchObject({
    ours: '201',
    contract: '200',
  });
  expect(blocks).toContain(found[0]?.first_block);
  expect(warnings.filter((line) => line.startsWith('AUDIT MISMATCH balanceOf'))).toHaveLength(1);

  // Every round checks accounts in disagreement, so the next round settles it.
  await spoil(-1);
  await round();
  expect(await standing(databaseUrl)).toEqual([]);
});

test('every answer that depends on a token with a mismatch is marked, and /ready is 503', async () => {
  const { scene, databaseUrl, round } = await auditedScene();
  const variables = { chainId: scene.chain.chainId, address: scene.token.address };
  const chains = [{ id: scene.chain.chainId, name: 'devnet', rpcUrl: scene.chain.url }];
  await indexTo({ chain: scene.chain, databaseUrl, tokens: [scene.token.address] });
  await round();
  const before = await startTestApi(databaseUrl, { chains });
  onTestFinished(() => before.close());
  const ready = await operatorsPage(before, '/ready');
  expect(ready.status).toBe(200);
  expect(await ready.json()).toMatchObject({ ready: true, reasons: [] });

  const word = `0x${250n.toString(16).padStart(64, '0')}`;
  const slot = `0x${(17).toString(16).padStart(64, '0')}`;
  await scene.chain.rpc.call('anvil_setStorageAt', [scene.token.address, slot, word]);
  const block = await round();

  const api = await startTestApi(databaseUrl, { chains });
  onTestFinished(() => api.close());
  const pool = {
    figure: 'storage: redeem pool',
    account: null,
    firstBlock: block,
    block,
    ours: '280',
    contract: '250',
  };
  const token = `query ($chainId: SafeInt!, $address: Address!) {
    token(chainId: $chainId, address: $address) {
      supply disagreements { figure account firstBlock block ours contract }
    }
  }`;
  const { token: told } = await askData(api, token, variables);
  expect(told.disagreements).toContainEqual(pool);

  const mark = { ...pool, chainId: scene.chain.chainId, token: scene.token.address };
  for (const question of [
    '{ claims { totalCount } }',
    `{ holder(address: "${scene.friend}") { positions { balance } } }`,
    `{ snapshots(chainId: ${variables.chainId}, token: "${variables.address}") { nodes { claimableWei } } }`,
    '{ journal { totalCount } }',
  ]) {
    const answer = await ask(api, question);
    expect(answer.errors, question).toBeUndefined();
    expect(answer, question).toMatchObject({
      extensions: { disagreements: expect.arrayContaining([mark]) },
    });
  }
  const status = await ask(api, '{ status { audit { block mismatches figures } } }');
  expect(status.data.status[0].audit).toMatchObject({ block, mismatches: 2 });
  expect(status, 'the status depends on no token').not.toHaveProperty('extensions');

  const refused = await operatorsPage(api, '/ready');
  expect(refused.status).toBe(503);
  expect(await refused.json()).toMatchObject({
    ready: false,
    reasons: [`devnet: 2 figures differ from the contracts (audited at block ${block})`],
  });
  const metrics = await (await operatorsPage(api, '/metrics')).text();
  const labels = `{chain_id="${variables.chainId}",chain="devnet"}`;
  expect(metrics).toContain(`imo_ledger_audit_mismatches${labels} 2\n`);
  expect(metrics).toContain(`imo_ledger_audited_block${labels} ${block}\n`);
  expect(metrics).toContain('imo_ledger_ready 0\n');
  expect(metrics).not.toContain(scene.chain.url);
});

test('/ready shows what is wrong: nothing indexed, or too far behind', async () => {
  const { scene, databaseUrl } = await auditedScene();
  const chains = [
    { id: scene.chain.chainId, name: 'devnet', rpcUrl: scene.chain.url },
    { id: 5, name: 'empty', rpcUrl: 'http://127.0.0.1:1' },
  ];
  await mineBlocks(scene.chain, 4);
  const api = await startTestApi(databaseUrl, { chains, readyLagBlocks: 3 });
  onTestFinished(() => api.close());
  const answer = await operatorsPage(api, '/ready');
  expect(answer.status).toBe(503);
  expect(await answer.json()).toMatchObject({
    reasons: ['empty: nothing is indexed', 'devnet: 4 blocks behind its node, more than 3'],
  });
});

test('a node that fails is a line in the log, and the next block is audited again', async () => {
  const { databaseUrl, audit, warnings, round } = await auditedScene();
  audit.finalised({ height: 5, hash: `0x${'ab'.repeat(32)}` });
  await audit.settled();
  expect(warnings).toEqual([
    expect.stringMatching(/^the background audit of block 5 failed: .* answered eth_/),
  ]);
  expect(await progress(databaseUrl)).toEqual([]);
  const block = await round();
  expect((await progress(databaseUrl))[0]?.block_number).toBe(block);
});

test('an endpoint that fails does not stop the audit: it asks the next one', async () => {
  const scene = await Scene.start();
  await liveThrough(scene);
  const databaseUrl = await freshDatabase();
  const proxy = await faultyProxy(scene.chain.url);
  const warnings: string[] = [];
  const follower = follow({
    chain: { ...scene.chain, url: proxy.url },
    fallbackRpcUrls: [scene.chain.url],
    databaseUrl,
    tokens: [scene.token.address],
    audit: { ...SETTINGS, holdersPerBlock: 20 },
    finality: FINALITY,
    onWarning: (line) => warnings.push(line),
  });
  await follower.caughtUp();
  proxy.inject({ kind: 'serverError', status: 503, times: Infinity });
  await mineBlocks(scene.chain, 3);
  await follower.caughtUp();
  const { number: head } = await latestBlock(scene.chain);
  await expect
    .poll(async () => (await progress(databaseUrl))[0]?.block_number)
    .toBe(head - FINALITY);
  await follower.stop();
  expect(warnings.filter((line) => line.includes('audit')).filter(isTrouble)).toEqual([]);
});

test('a node that never answers does not keep the processor from ending', async () => {
  let isAsked: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => {
    isAsked = resolve;
  });
  const silent = createServer(() => isAsked());
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    silent.closeAllConnections();
    silent.close();
  });
  const { databaseUrl, scene } = await auditedScene();
  const warnings: string[] = [];
  const audit = new BackgroundAudit({
    chainId: scene.chain.chainId,
    rpc: poolOf([`http://127.0.0.1:${(silent.address() as AddressInfo).port}`]),
    databaseUrl,
    settings: SETTINGS,
    onWarning: (line) => warnings.push(line),
  });
  audit.finalised({ height: 5, hash: `0x${'ab'.repeat(32)}` });
  await asked;
  const startedAt = performance.now();
  await audit.close();
  expect(performance.now() - startedAt).toBeLessThan(20_000);
  expect(warnings).toEqual([]);
});

test('a chain that is followed is audited as its blocks become final', async () => {
  const scene = await Scene.start();
  await liveThrough(scene);
  const databaseUrl = await freshDatabase();
  const warnings: string[] = [];
  const follower = follow({
    chain: scene.chain,
    databaseUrl,
    tokens: [scene.token.address],
    audit: { ...SETTINGS, holdersPerBlock: 20 },
    finality: FINALITY,
    onWarning: (line) => warnings.push(line),
  });
  await follower.caughtUp();
  await mineBlocks(scene.chain, 3);
  await follower.caughtUp();
  const { number: head } = await latestBlock(scene.chain);
  await expect
    .poll(async () => (await progress(databaseUrl))[0]?.block_number)
    .toBe(head - FINALITY);
  await follower.stop();
  expect(warnings.filter(isTrouble)).toEqual([]);
  expect(await standing(databaseUrl)).toEqual([]);

  const desk = await AuditScene.over(databaseUrl, scene.chain, [scene.token.address]);
  const { stdout } = await runVerbHere(['status', '--json', '--config', desk.config], {
    DATABASE_URL: databaseUrl,
  });
  expect(JSON.parse(stdout)).toMatchObject([
    { indexedBlock: head, auditedBlock: head - FINALITY, auditMismatches: 0 },
  ]);
});

test('oracles and collections are audited in turn, and what differs marks every answer', async () => {
  const scene = await CollectionScene.start();
  const { chain, alice, founder } = scene;
  const [cat, dog] = [text('a cat'), text('a dog')];
  const collection = await scene.collection('AigcReference', ['Reference', 'REF', false]);
  await scene.call(alice, collection, 'mintOnly', [alice, cat]);
  await scene.call(alice, collection, 'mintOnly', [alice, dog]);
  const oracle = await deployFlatOracle(chain, { from: founder, fee: 700n });
  const data = modelAsk(oracle, { modelId: 11n, input: '0x1234' });
  await execute(chain, { from: alice, to: oracle.address, data, valueWei: 700n });
  const databaseUrl = await freshDatabase();
  await indexTo({ ...scene.request(), oracles: [{ address: oracle.address }], databaseUrl });
  const warnings: string[] = [];
  const audit = new BackgroundAudit({
    chainId: chain.chainId,
    rpc: poolOf([chain.url]),
    databaseUrl,
    settings: SETTINGS,
    onWarning: (line) => warnings.push(line),
  });
  onTestFinished(() => audit.close());
  const round = async () => {
    await mineBlocks(chain, 1);
    const { number } = await latestBlock(chain);
    const params = [`0x${number.toString(16)}`, false];
    const { hash } = await chain.rpc.call<{ hash: string }>('eth_getBlockByNumber', params);
    audit.finalised({ height: number, hash });
    await audit.settled();
  };
  await round();
  expect(warnings.filter(isTrouble)).toEqual([]);
  expect(await standing(databaseUrl)).toEqual([]);

  const catId = idOf(cat);
  const give = (owner: string) =>
    query(databaseUrl, `UPDATE aigc_transfer SET "to" = $1 WHERE token_id = ${catId}`, [
      Buffer.from(owner.slice(2), 'hex'),
    ]);
  await give(`0x${'77'.repeat(20)}`);
  await query(databaseUrl, 'UPDATE model_version SET fee = 701');
  await round();
  const wrong = await standing(databaseUrl);
  expect(wrong.map(({ figure }) => figure).toSorted()).toEqual([
    expect.stringContaining('fee'),
    `ownerOf(${catId})`,
  ]);
  expect(warnings.filter((line) => line.startsWith('AUDIT MISMATCH'))).toHaveLength(2);
  const api = await startTestApi(databaseUrl);
  onTestFinished(() => api.close());
  const answer = await ask(api, '{ collections { nodes { name } } }');
  expect(answer).toMatchObject({
    extensions: {
      disagreements: expect.arrayContaining([
        expect.objectContaining({ token: collection.address, figure: `ownerOf(${catId})` }),
      ]),
    },
  });

  await give(alice);
  await query(databaseUrl, 'UPDATE model_version SET fee = 700');
  await round();
  expect(await standing(databaseUrl)).toEqual([]);
});
