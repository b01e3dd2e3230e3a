import './policyToy.js';
import { beforeAll, expect, test } from 'vitest';
import { defaultAccounts } from '../../devnet/actors.js';
import { execute, mineBlocks } from '../../devnet/chain.js';
import { type DeployedContract, deployContract, encodeCall } from '../../devnet/deploy.js';
import type { Address } from '../../src/address.js';
import { termsQuestions } from '../../src/audit/questions/termsQuestions.js';
import { detectPolicy } from '../../src/chain/contract/detect.js';
import { ChainNode } from '../../src/chain/node.js';
import { parseConfig } from '../../src/config/load.js';
import { nearestPolicy, policyNamed } from '../../src/ledger/policies/registry.js';
import { EMPTY_POOLS } from '../../src/ledger/state.js';
import { storedPolicy } from '../../src/store/read/tokens/storedPolicy.js';
import { readTokens } from '../../src/store/read/tokens/tokens.js';
import { askData, startTestApi } from '../api/support.js';
import { auditHere } from '../audit/support.js';
import { exportRows } from '../export/support.js';
import { freshDatabase } from '../support/databases/postgres.js';
import { KIND_TABLES } from '../support/docs/kindTables.js';
import { type Anvil, startAnvil } from '../support/nodes/anvil.js';
import { indexTo } from '../support/programs/indexer.js';
import { withReader } from '../support/reader.js';

let chain: Anvil;
let token: DeployedContract;
let founder: string;
let friend: string;
let databaseUrl: string;

const call = (from: string, name: string, args: unknown[] = [], valueWei = 0n) =>
  execute(chain, { from, to: token.address, data: encodeCall(token, name, args), valueWei });

beforeAll(async () => {
  chain = await startAnvil({ genesisTimestamp: 1_750_000_000 });
  [founder = '', friend = ''] = await defaultAccounts(chain);
  const terms = ['Capped', 'CAP', 1000n, 80n, 2n, 10n, 500n];
  token = await deployContract(chain, 'RevShareCapped', terms, { from: founder });
  await call(founder, 'transfer', [friend, 250n]);
  // 80 % is 240, below the cap of 500; then 1600, above it.
  for (const revenue of [300n, 2000n, 1001n]) {
    await execute(chain, { from: founder, to: token.address, valueWei: revenue });
    await mineBlocks(chain, 11);
    await call(founder, 'snapshot');
  }
  await call(friend, 'claim', [2n]);
  await call(friend, 'burn', [50n]);
  databaseUrl = await freshDatabase();
  await index();
});

async function index(): Promise<void> {
  const { tokens } = parseConfig(
    'imo.yaml',
    `chains: [{id: ${chain.chainId}, rpc: "${chain.url}", tokens: [{address: "${token.address}", policy: capped}]}]`,
    {},
  ).chains[0] ?? { tokens: [] };
  await indexTo({ chain, databaseUrl, tokens: [], more: { tokens } });
}

test('a contract of a new policy is recognised by the getter that its file names', async () => {
  const node = new ChainNode(chain.url);
  const address = token.address.toLowerCase() as Address;
  const { policy } = await detectPolicy(node, address, 'auto', 'latest');
  const other = detectPolicy(node, address, policyNamed('windowed'), 'latest');
  await expect(other).rejects.toThrow('does not fit windowed, but it has snapshotCap()');
  node.close();
  expect(policy.name).toBe('capped');
  expect(policy.parts.own).toEqual({ rules: 'capped', numbers: { cap: '500' } });
  expect(storedPolicy('capped', JSON.parse(JSON.stringify(policy.parts)))).toMatchObject({
    name: 'capped',
    parts: policy.parts,
  });
});

test('a contract that later returns another number no longer fits its books', () => {
  const said = (cap: bigint) => ({
    'percentClaimable()': 80n,
    'SNAPSHOT_CLAIMABLE_NUMBER()': 2n,
    'snapshotInterval()': 10n,
    'lastSnapshotTimestamp()': 1n,
    'snapshotCap()': cap,
  });
  const policy = policyNamed('capped').forContract(said(500n));
  expect(policy.termsFrom(said(500n))).toMatchObject({ percentClaimable: 80n, window: 2 });
  expect(policy.termsFrom(said(501n))).toBeNull();
  expect(nearestPolicy(said(501n), [policy])?.differences).toEqual([
    'snapshotCap() says 501, the policy 500',
  ]);
  const unasked = policyNamed('capped');
  const terms = {
    percentClaimable: 80n,
    window: 2,
    interval: 10n,
    intervalUnit: 'seconds',
  } as const;
  expect(() => unasked.assignment(terms, EMPTY_POOLS)).toThrow('were not read from a contract');
});

test('the books follow the own rules of a new policy, and the API describes it', async () => {
  const api = await startTestApi(databaseUrl);
  const data = await askData(
    api,
    `{ __type(name: "Policy") { fields { name description } }
       tokens(where: {policy: {_eq: "capped"}}) { nodes { policy { name percentClaimable } } }
       snapshots(chainId: ${chain.chainId}, token: "${token.address}", direction: ASC) {
         nodes { freshWei rolledOverWei redeemableAddedWei }
       }
       claims { nodes { amountWei } } }`,
  );
  await api.close();
  const fields: { name: string; description: string }[] = data.__type.fields;
  expect(fields.find(({ name }) => name === 'name')?.description).toContain(
    '"capped": windowed, where no snapshot assigns more than a cap',
  );
  expect(data.tokens.nodes).toEqual([{ policy: { name: 'capped', percentClaimable: 80 } }]);
  expect(data.snapshots.nodes).toEqual([
    { freshWei: '240', rolledOverWei: '0', redeemableAddedWei: '60' },
    { freshWei: '500', rolledOverWei: '0', redeemableAddedWei: '1500' },
    { freshWei: '500', rolledOverWei: '240', redeemableAddedWei: '501' },
  ]);
  expect(data.claims.nodes).toEqual([{ amountWei: '125' }]);
});

test('the audit compares every figure of a new policy, and its own number, with the contract', async () => {
  const { mismatches, notCompared, figures } = await auditHere({ chain, databaseUrl, earlier: 5 });
  expect(mismatches).toEqual([]);
  expect(figures).toBeGreaterThan(10);
  expect(notCompared.join()).toContain('no storage layout of policy capped is known');
  const [record] = await withReader(databaseUrl, (db) => readTokens(db));
  if (record === undefined) throw new Error('the token is not indexed');
  const asked = termsQuestions(record, record.startBlock).map(({ figure, ours }) => [figure, ours]);
  expect(asked.at(-1)).toEqual(['snapshotCap()', 500n]);
});

test('exports and docs have a token of a new policy', async () => {
  const rows = await exportRows(databaseUrl, 'entitlements');
  const of = rows.filter(({ holder }) => holder === friend.toLowerCase());
  // 250 of 1000 units: of 240, which expired, of 500, which it claimed, and of 500 + 240.
  expect(of.map(({ snapshot_id: id, share, claimable }) => [id, share, claimable])).toEqual([
    [1, '60', '0'],
    [2, '125', '0'],
    [3, '185', '185'],
  ]);
  const table = KIND_TABLES.find(({ name }) => name === 'known policies');
  expect(table?.rows.at(-1)).toEqual([
    '`capped`',
    'the getters of `windowed`, and `snapshotCap()`',
  ]);
});

test('a contract that changes one of its numbers is held', async () => {
  await call(founder, 'setSnapshotCap', [600n]);
  await mineBlocks(chain, 1);
  await expect(index()).rejects.toMatchObject({
    code: 'TOKEN_UPGRADED',
    message: expect.stringMatching(
      /it was capped, .*snapshotCap\(\) 500, and is capped, .* 600 now/,
    ),
  });
});
