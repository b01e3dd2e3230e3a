import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { latestBlock, mineBlock, mineBlocks } from '../../../devnet/chain.js';
import { type RunningApi } from '../../../src/api/server.js';
import { COMMIT_CHANNEL, type CommitNotice } from '../../../src/store/write/commitNotice.js';
import { freshDatabase } from '../../support/databases/postgres.js';
import { type Follower, follow } from '../../support/programs/indexer.js';
import { Scene } from '../../support/scenes/scene.js';
import { askData, startTestApi } from '../support.js';
import { type Subscription, subscribeSse, subscribeWs } from './clients.js';
import { FollowedList, type FollowedQuery } from './followedList.js';

const OF_LIST = '(direction: ASC, first: 1000)';
const byId = (row: Record<string, unknown>) => String(row.id);
const COMMON = 'id block timestamp transactionHash position';

let scene: Scene;
let api: RunningApi;
let indexer: Follower;
let databaseUrl: string;

beforeAll(async () => {
  scene = await Scene.start();
  databaseUrl = await freshDatabase();
  await scene.call(scene.founder, 'transfer', [scene.friend, 400n]);
  await scene.pay(1000n);
  await scene.snapshot();
  await mineBlocks(scene.chain, 20, 1);
  indexer = follow({ ...scene, databaseUrl, tokens: [scene.token.address] });
  await indexer.caughtUp();
  api = await startTestApi(databaseUrl);
});
afterAll(async () => {
  await api.close();
  await indexer.stop();
});

function queries(): FollowedQuery[] {
  const snapshotArgs = `(chainId: ${scene.chain.chainId}, token: "${scene.token.address}", direction: ASC, first: 1000)`;
  return [
    {
      name: 'receipts',
      listArgs: OF_LIST,
      keyOf: byId,
      fields: `${COMMON} payer amountWei kind source path token { symbol }`,
    },
    {
      name: 'claims',
      listArgs: OF_LIST,
      keyOf: byId,
      fields: `${COMMON} holder snapshotId amountWei snapshotClaimedWei`,
    },
    {
      name: 'redemptions',
      listArgs: OF_LIST,
      keyOf: byId,
      fields: `${COMMON} holder burned amountWei fromNewWei fromPoolWei`,
    },
    { name: 'transfers', listArgs: OF_LIST, keyOf: byId, fields: `${COMMON} from to amount` },
    {
      name: 'snapshots',
      listArgs: snapshotArgs,
      keyOf: ({ snapshotId }) => String(snapshotId).padStart(6, '0'),
      fields:
        'snapshotId block timestamp transactionHash newRevenueWei claimableWei freshWei rolledOverWei redeemableAddedWei supply',
    },
    {
      name: 'transfers',
      args: `(account: "${scene.friend}")`,
      listArgs: `(filter: { account: "${scene.friend}" }, direction: ASC, first: 1000)`,
      keyOf: byId,
      fields: `${COMMON} from to amount`,
    },
  ];
}

/** A block with an operation of every kind, so that every list has an event of it. */
async function closingBlock(paid: bigint, snapshotId: number): Promise<string> {
  const { chain, token, founder, friend, payer } = scene;
  await mineBlock(chain, (await latestBlock(chain)).timestamp + 20);
  const to = token.address;
  const gas = 500_000n;
  await scene.inOneBlock([
    { from: payer, to, valueWei: paid, gas },
    { from: founder, to, data: scene.data('snapshot'), gas },
    { from: friend, to, data: scene.data('claim', [snapshotId]), gas },
    { from: friend, to, data: scene.data('burn', [5n]), gas },
  ]);
  return (await chain.rpc.call<{ hash: string }>('eth_getBlockByNumber', ['latest', false])).hash;
}

/** The announcements of the processor from now on. */
async function hear(): Promise<{ notices: CommitNotice[]; end: () => Promise<void> }> {
  const client = new pg.Client({ connectionString: databaseUrl });
  const notices: CommitNotice[] = [];
  client.on('notification', ({ payload = '' }) => notices.push(JSON.parse(payload)));
  await client.connect();
  await client.query(`LISTEN ${COMMIT_CHANNEL}`);
  return { notices, end: () => client.end() };
}

async function followAll(): Promise<FollowedList[]> {
  return Promise.all(
    queries().map(async (query, index) => {
      const text = FollowedList.text(query);
      // Half of them over either transport.
      const subscription: Subscription =
        index % 2 === 0 ? await subscribeSse(api, text) : subscribeWs(api, text);
      const list = new FollowedList(api, query, subscription);
      await list.take();
      return list;
    }),
  );
}

test('after a reorg, as before it, every follower has exactly what the lists say', async () => {
  const lists = await followAll();
  const entitlement = subscribeWs(
    api,
    `subscription { holder(address: "${scene.friend}") { positions { ${POSITION} } } }`,
  );
  await entitlement.next();

  const heard = await hear();
  const forkBlock = (await latestBlock(scene.chain)).number;
  const fork = await scene.chain.rpc.call<string>('evm_snapshot');
  await scene.pay(70n);
  await scene.call(scene.founder, 'transfer', [scene.payer, 3n]);
  await scene.call(scene.friend, 'claim', [1n]);
  const abandoned = await closingBlock(500n, 2);
  for (const list of lists) {
    await list.takeUntil(abandoned);
    expect(list.sorted).toEqual(await list.asked());
  }
  const firstHead = (await latestBlock(scene.chain)).number;
  const told = lists.map((list) => new Map(list.rows));

  await scene.chain.rpc.call('evm_revert', [fork]);
  await scene.pay(71n);
  await scene.call(scene.friend, 'transfer', [scene.payer, 9n]);
  const missing = firstHead - 1 - (await latestBlock(scene.chain)).number;
  await mineBlocks(scene.chain, Math.max(1, missing), 1);
  const final = await closingBlock(900n, 2);
  await indexer.caughtUp();
  for (const [index, list] of lists.entries()) {
    await list.takeUntil(final);
    expect(list.sorted).toEqual(await list.asked());
    expect(list.gaps).toEqual([]);
    // Every list lost something, and the event has the content that was sent before.
    expect(list.withdrawn.length).toBeGreaterThan(0);
    for (const row of list.withdrawn)
      expect([...(told[index]?.values() ?? [])]).toContainEqual(row);
  }

  // Every commit was announced, without a hole; the rollback with exactly what it took back.
  await heard.end();
  const { chainId } = scene.chain;
  expect(heard.notices.filter(({ kind }) => kind === 'rollback')).toEqual([
    { chainId, kind: 'rollback', fromBlock: forkBlock + 1, toBlock: firstHead },
  ]);
  let next = forkBlock + 1;
  for (const { kind, fromBlock, toBlock } of heard.notices) {
    if (kind === 'commit') expect(fromBlock).toBe(next);
    next = kind === 'commit' ? toBlock + 1 : fromBlock;
  }
  expect(next).toBe((await latestBlock(scene.chain)).number + 1);

  const asked = await askData(
    api,
    `{ holder(address: "${scene.friend}") { positions { ${POSITION} } } }`,
  );
  for (;;) {
    const { data } = await entitlement.next();
    if (data.holder.positions[0].asOf.hash !== final) continue;
    expect(data.holder).toEqual(asked.holder);
    break;
  }
});

const POSITION = `balance asOf { block hash } entitlement {
  totalClaimableWei claimedWei redeemedWei expiredWei redeemableWei accruingWei
  snapshots { snapshotId shareWei claimableWei claimedWei state } }`;
