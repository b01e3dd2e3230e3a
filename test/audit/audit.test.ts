import { expect, test } from 'vitest';
import { encodeCall } from '../../devnet/deploy.js';
import { query } from '../support/databases/postgres.js';
import {
  AuditScene,
  type AuditVerdict,
  liveThrough,
  placeMulticall,
} from '../support/scenes/auditScene.js';
import { Scene } from '../support/scenes/scene.js';
import { auditHere } from './support.js';

/** Of the token: supply, ETH, sum of balances, `R`, `r`, and `CA`, `CL` of two snapshots. */
const TOTALS = 12;
/** Of a holder: balance, redeemable, claimable of two open snapshots. */
const PER_HOLDER = 4;

/** Slot of `R` in a windowed token with permit (docs/domain.md#telling-policies-apart). */
const REDEEM_POOL_SLOT = `0x${(17).toString(16).padStart(64, '0')}`;

async function livedScene(): Promise<{ scene: Scene; desk: AuditScene }> {
  const scene = await Scene.start();
  await liveThrough(scene);
  return { scene, desk: await AuditScene.open(scene.chain, [scene.token.address]) };
}

test('books that are right agree in every figure, and the audit ends with 0', async () => {
  const { desk } = await livedScene();
  expect(await desk.verdict()).toMatchObject({
    exitCode: 0,
    path: 'override',
    accounts: 2,
    figures: TOTALS + 2 * PER_HOLDER,
    mismatches: 0,
    details: [],
    notCompared: [],
  });
  const { exitCode, stdout } = await desk.run();
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(
    /^chain 31337, block \d+ \(0x\w{64}\): 20 figures of 2 accounts compared, 0 mismatches \(.*, state override\)\n$/,
  );
});

test('a word changed in the contract is found, with both numbers and the way there', async () => {
  const { scene, desk } = await livedScene();
  const word = `0x${250n.toString(16).padStart(64, '0')}`;
  await scene.chain.rpc.call('anvil_setStorageAt', [scene.token.address, REDEEM_POOL_SLOT, word]);
  const verdict = await desk.verdict();
  expect(verdict.exitCode).toBe(1);
  const pool = verdict.details.find(({ figure }) => figure === 'storage: redeem pool');
  // 200 of the first snapshot, less what the burn took, and 100 of the second.
  expect(pool).toMatchObject({ ours: '280', contract: '250', lastAgreement: verdict.block - 1 });
  expect(pool?.operations).toEqual([
    expect.objectContaining({ block: verdict.block, kind: 'receipt', amount: '77' }),
  ]);
  // The books do not know of it, so what can be redeemed differs for both holders too.
  const figures = verdict.details.map(({ figure }) => figure.replace(/0x\w+/, '…')).sort();
  expect(figures).toEqual([
    'redeemableOnBurn(balanceOf(…))',
    'redeemableOnBurn(balanceOf(…))',
    'storage: redeem pool',
  ]);
});

test('a row changed in the books is found, and what the account did since is shown', async () => {
  const { scene, desk } = await livedScene();
  const friend = scene.friend.toLowerCase();
  await query(
    desk.databaseUrl,
    `UPDATE balance_checkpoint SET balance = balance + 1 WHERE account = $1
     AND block_number = (SELECT max(block_number) FROM balance_checkpoint WHERE account = $1)`,
    [Buffer.from(friend.slice(2), 'hex')],
  );
  const verdict = await desk.verdict();
  expect(verdict).toMatchObject({ exitCode: 1, figures: TOTALS + 2 * PER_HOLDER });
  const balance = verdict.details.find(({ figure }) => figure === `balanceOf(${friend})`);
  expect(balance).toMatchObject({ account: friend, ours: '201', contract: '200' });
  expect(balance?.operations.map(({ kind }) => kind)).toEqual(['redemption', 'transfer']);
  expect(verdict.details.find(({ figure }) => figure === 'sum of all balances')).toMatchObject({
    ours: '901',
    contract: '900',
  });
  const { exitCode, stdout } = await desk.run();
  expect(exitCode).toBe(1);
  expect(stdout).toContain(`MISMATCH balanceOf(${friend})`);
  expect(stdout).toMatch(
    /ours 201, the contract says 200, agreed last at block \d+\n {2}operations since block \d+:\n {2}block \d+, redemption of \d+, transaction 0x/,
  );
});

test('pools whose slots do not give what the contract says are not compared, never guessed', async () => {
  const { desk } = await livedScene();
  // As if it were a contract that keeps other things in these slots.
  await query(desk.databaseUrl, 'UPDATE token SET percent_claimable = 79');
  const { details, notCompared } = await desk.verdict();
  expect(notCompared).toEqual([
    expect.stringMatching(/the pools in it would make \d+ wei redeemable, the contract says \d+$/),
  ]);
  expect(details.filter(({ figure }) => figure.startsWith('storage'))).toEqual([]);
});

test('a claim that is missing in the books is found', async () => {
  const { scene, desk } = await livedScene();
  await query(desk.databaseUrl, 'DELETE FROM claim');
  const verdict = await desk.verdict();
  const friend = scene.friend.toLowerCase();
  expect(verdict.details).toContainEqual(
    expect.objectContaining({
      figure: `claimableRevenue(${friend}, 1)`,
      ours: '240',
      contract: null,
    }),
  );
  expect(verdict.exitCode).toBe(1);
});

test('Multicall3, a state override and JSON-RPC batches come to the same verdict, call by call', async () => {
  const { scene, desk } = await livedScene();
  await query(desk.databaseUrl, 'UPDATE claim SET amount_wei = amount_wei + 1');
  await query(desk.databaseUrl, 'UPDATE snapshot SET claimable_wei = claimable_wei + 10');
  const override = await desk.verdict();
  await placeMulticall(scene.chain, scene.founder);
  // The code is placed at the newest block only, which has to be that of the books.
  const { latest } = { latest: Number(await scene.chain.rpc.call<string>('eth_blockNumber')) };
  await query(desk.databaseUrl, 'UPDATE chain_cursor SET height = $1, hash = $2', [
    latest,
    Buffer.from((await blockHash(scene, latest)).slice(2), 'hex'),
  ]);
  const many = await desk.verdict();
  const single = await desk.verdict(['--no-multicall']);
  expect(many).toMatchObject({ path: 'multicall', exitCode: 1 });
  expect(single.path).toBe('batches');
  expect(override.path).toBe('override');
  expect(many.mismatches).toBeGreaterThan(3);
  expect({ ...many, path: '', seconds: 0 }).toEqual({ ...single, path: '', seconds: 0 });
  expect(figuresOf(override)).toEqual(figuresOf(many));
});

/** What does not depend on the block. */
function figuresOf({ details, mismatches, figures }: AuditVerdict) {
  return { mismatches, figures, details: details.map((detail) => ({ ...detail, block: 0 })) };
}

test('a sample asks about so many holders, the same ones for the same block', async () => {
  const scene = await Scene.start();
  await scene.inOneBlock(
    Array.from({ length: 30 }, (_, index) => ({
      from: scene.founder,
      to: scene.token.address,
      data: encodeCall(scene.token, 'transfer', [accountNumber(index), 1n]),
    })),
  );
  const desk = await AuditScene.open(scene.chain, [scene.token.address]);
  // No snapshot yet; the sum of all balances needs all holders.
  const sample = await desk.verdict(['--holders', 'sample', '7']);
  expect(sample).toMatchObject({ accounts: 7, figures: 7 + 7 * 2, mismatches: 0, exitCode: 0 });
  expect(await desk.verdict()).toMatchObject({ accounts: 31, figures: 8 + 31 * 2, mismatches: 0 });

  await query(desk.databaseUrl, 'UPDATE balance_checkpoint SET balance = balance + 1');
  const first = await desk.verdict(['--holders', 'sample', '7']);
  const again = await desk.verdict(['--holders', 'sample', '7']);
  expect(new Set(first.details.map(({ account }) => account)).size).toBe(7);
  expect(again.details).toEqual(first.details);
});

test('an earlier block is audited as it was', async () => {
  const { scene, desk } = await livedScene();
  const block = scene.token.deploymentBlock;
  // Nobody but the founder held anything then.
  expect(await desk.verdict(['--at', String(block)])).toMatchObject({
    block,
    accounts: 1,
    figures: 8 + 2,
    mismatches: 0,
  });
});

test('an audit of an unknown block, holder or token is refused with a hint', async () => {
  const { scene, desk } = await livedScene();
  const head = Number(await scene.chain.rpc.call<string>('eth_blockNumber'));
  const cases = [
    [['--at', String(head + 1)], 'BLOCK_NOT_INDEXED'],
    [['--holders', 'sample'], 'AUDIT_BAD_HOLDERS'],
    [['--token', `0x${'12'.repeat(20)}`], 'UNKNOWN_TOKEN'],
    [['--token', '0x12'], 'USAGE'],
  ] as const;
  for (const [args, code] of cases) {
    const { exitCode, stdout, stderr } = await desk.run([...args]);
    expect(stderr).toMatch(new RegExp(`^error ${code}: .*\\nhint: .+`, 's'));
    expect(exitCode).toBe(code === 'USAGE' ? 2 : 1);
    expect(stdout).toBe('');
  }
});

test('a node on another fork than the books is refused, and not a mismatch', async () => {
  const { scene, desk } = await livedScene();
  await scene.chain.rpc.call('anvil_reorg', [1, []]);
  const { exitCode, stderr } = await desk.run();
  expect(stderr).toContain('error AUDIT_OTHER_FORK');
  expect(exitCode).toBe(1);
});

test('one of several endpoints that does not answer does not stop the audit', async () => {
  const { scene, desk } = await livedScene();
  const chain = { ...scene.chain, url: `["http://127.0.0.1:1", "${scene.chain.url}"]` };
  const elsewhere = await AuditScene.over(desk.databaseUrl, chain, [scene.token.address]);
  expect(await elsewhere.verdict()).toMatchObject({ exitCode: 0, mismatches: 0 });
});

test('books that take the block back meanwhile end the audit', async () => {
  const { scene, desk } = await livedScene();
  const { databaseUrl } = desk;
  const reorganise = `UPDATE chain_cursor SET hash = '\\x${'ab'.repeat(32)}'`;
  let isDone = false;
  const onPart = async () => {
    if (!isDone) await query(databaseUrl, reorganise);
    isDone = true;
  };
  await expect(auditHere({ chain: scene.chain, databaseUrl, onPart })).rejects.toMatchObject({
    code: 'AUDIT_REORGANISED',
  });
});

async function blockHash(scene: Scene, block: number): Promise<string> {
  const { hash } = await scene.chain.rpc.call<{ hash: string }>('eth_getBlockByNumber', [
    `0x${block.toString(16)}`,
    false,
  ]);
  return hash;
}

function accountNumber(index: number): string {
  return `0x${(0x1000 + 7919 * index).toString(16).padStart(40, '0')}`;
}
