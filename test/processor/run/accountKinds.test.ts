import { afterAll, beforeAll, expect, test } from 'vitest';
import { mineBlock } from '../../../devnet/chain.js';
import { deployRouter } from '../../../devnet/deploy.js';
import { checksummed } from '../../../src/address.js';
import type { RunningApi } from '../../../src/api/server.js';
import { ask, askData, startTestApi } from '../../api/support.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';
import { indexTo } from '../../support/programs/indexer.js';
import { lookAtAccounts } from '../../support/programs/lookAtAccounts.js';
import { Scene } from '../../support/scenes/scene.js';

const DAY = 86_400;
const DEAD = '0x000000000000000000000000000000000000dEaD';

let scene: Scene;
let databaseUrl: string;
let api: RunningApi;
/** Two contracts that hold the token; the second one from the second day on. */
let first: string;
let second: string;

beforeAll(async () => {
  scene = await Scene.start();
  const { chain, founder, friend, router } = scene;
  first = router.address;
  second = (await deployRouter(chain, { from: founder })).address;
  await scene.call(founder, 'transfer', [friend, 100n]);
  await scene.call(founder, 'transfer', [first, 50n]);
  await scene.call(founder, 'transfer', [DEAD, 5n]);
  await mineBlock(chain, 1_750_000_000 + DAY);
  await scene.call(founder, 'transfer', [second, 20n]);
  await mineBlock(chain, 1_750_000_000 + 2 * DAY);
  await scene.route([{ data: scene.data('transfer', [friend, 50n]) }]);
  databaseUrl = await freshDatabase();
  await index();
  api = await startTestApi(databaseUrl);
});

afterAll(async () => {
  await api.close();
  await scene.chain.stop();
});

async function index(): Promise<void> {
  const labels = [{ address: scene.friend, name: 'the friend' }];
  await indexTo({ chain: scene.chain, databaseUrl, tokens: [scene.token.address], labels });
}

const args = () => `chainId: 31337, token: "${scene.token.address}"`;

async function holders(where: string, more = '') {
  const { data, errors, extensions } = await ask(
    api,
    `{ holders(${args()}, where: ${where} ${more}) {
      totalCount nodes { address isContract kind label }
    } }`,
  );
  expect(errors).toBeUndefined();
  return { ...data.holders, unread: (extensions as { unread?: unknown } | undefined)?.unread };
}

async function series(): Promise<(number | null)[]> {
  const { tokenSeries } = await askData(
    api,
    `{ tokenSeries(${args()}, interval: DAY) { holders holdersWithoutContracts } }`,
  );
  return tokenSeries.map((step: { holders: number; holdersWithoutContracts: number | null }) => [
    step.holders,
    step.holdersWithoutContracts,
  ]);
}

test('until accounts are read, their kind is null, and an answer that depends on it says so', async () => {
  const known = await holders('{ isContract: { _eq: false } }');
  // Of the address that burns, the kind is known without a call.
  expect(known.nodes).toEqual([{ address: DEAD, isContract: false, kind: 'BURNED', label: null }]);
  expect(known.unread).toEqual([
    { chainId: 31337, token: checksummed(scene.token.address as never) },
  ]);
  expect((await holders('{ isContract: { _isNull: true } }')).totalCount).toBe(4);
  expect(await series()).toEqual([
    [4, null],
    [5, null],
    [4, null],
  ]);
  const { status } = await askData(api, '{ status { unreadHolders } }');
  expect(status).toEqual([{ unreadHolders: 5 }]);
});

test('holders without contracts are a list, a count, and a figure of every step', async () => {
  expect(await lookAtAccounts(scene.chain, databaseUrl)).toEqual([]);
  const people = await holders('{ isContract: { _eq: false }, kind: { _neq: BURNED } }');
  expect(people).toEqual({
    totalCount: 2,
    unread: undefined,
    nodes: [
      {
        address: checksummed(scene.founder as never),
        isContract: false,
        kind: 'WALLET',
        label: null,
      },
      {
        address: checksummed(scene.friend as never),
        isContract: false,
        kind: 'WALLET',
        label: 'the friend',
      },
    ],
  });
  const contracts = await holders('{ isContract: { _eq: true } }');
  expect(contracts.nodes.map(({ address }: { address: string }) => address)).toEqual(
    [second, first].map((address) => checksummed(address as never)),
  );
  expect((await holders('{ kind: { _in: [TOKEN, CONTRACT] } }')).totalCount).toBe(2);
  expect((await holders('{ isContract: { _isNull: true } }')).totalCount).toBe(0);
  // Nothing is deployed at 0x…dEaD; the first contract sold on the third day.
  expect(await series()).toEqual([
    [4, 3],
    [5, 3],
    [4, 3],
  ]);
  const { status } = await askData(api, '{ status { unreadHolders } }');
  expect(status).toEqual([{ unreadHolders: 0 }]);
});

test('as of an earlier block, and by claimable revenue, the same accounts pass', async () => {
  const [{ number }] = (await query<{ number: number }>(
    databaseUrl,
    'SELECT min(number) AS number FROM block WHERE "timestamp" >= to_timestamp(1750086400)',
  )) as [{ number: number }];
  const where = '{ isContract: { _eq: false }, kind: { _neq: BURNED } }';
  for (const more of [`at: { block: ${number} }`, 'orderBy: CLAIMABLE']) {
    expect(await holders(where, more)).toMatchObject({ totalCount: 2, unread: undefined });
    expect(await holders('{ isContract: { _eq: true } }', more)).toMatchObject({ totalCount: 2 });
    expect(await holders('{ kind: { _eq: BURNED } }', more)).toMatchObject({ totalCount: 1 });
  }
});

test('who receives the token after the reading is not known until the next one', async () => {
  await scene.call(scene.founder, 'transfer', [scene.payer, 1n]);
  await index();
  expect((await holders('{ isContract: { _isNull: true } }')).totalCount).toBe(1);
  expect(await holders('{ isContract: { _eq: true } }')).toMatchObject({ unread: [{}] });
  // Steps before it are known as before; so is a token that nobody moved.
  expect(await series()).toEqual([
    [4, 3],
    [5, 3],
    [5, null],
  ]);
});
