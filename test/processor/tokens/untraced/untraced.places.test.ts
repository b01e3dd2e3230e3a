import { beforeAll, describe, expect, it } from 'vitest';
import { latestBlock, mineBlocks, type TransactionRequest } from '../../../../devnet/chain.js';
import { encodeCall } from '../../../../devnet/deploy.js';
import { type Address, checksummed } from '../../../../src/address.js';
import { ask, askData, startTestApi } from '../../../api/support.js';
import { freshDatabase, query } from '../../../support/databases/postgres.js';
import type { FaultyProxy } from '../../../support/nodes/faultyProxy.js';
import { faultyProxy } from '../../../support/nodes/rpcProxy.js';
import { indexTo } from '../../../support/programs/indexer.js';
import { Scene } from '../../../support/scenes/scene.js';

const NOBODY = `0x${'00'.repeat(20)}`;
const BLOCKS = ['eth_getBlockByHash', 'eth_getBlockByNumber'];

/** A node that names another proposer: nothing but amounts tells where the tips came. */
async function hiding(
  scene: Scene,
  block: number,
  withdrawals?: readonly object[],
): Promise<FaultyProxy> {
  const proxy = await faultyProxy(scene.chain.url);
  for (const method of BLOCKS) {
    proxy.inject({ kind: 'proposerHidden', withdrawals, method, block, times: Infinity });
  }
  return proxy;
}

/** A block whose tips the token gets. */
async function tipped(scene: Scene, transactions: readonly TransactionRequest[]): Promise<void> {
  await scene.chain.rpc.call('anvil_setCoinbase', [scene.token.address]);
  await scene.inOneBlock(transactions);
  await scene.chain.rpc.call('anvil_setCoinbase', [NOBODY]);
}

/** What the contract's views return for a snapshot at the newest block. */
async function claimable({ chain, token, founder }: Scene, snapshotId: bigint): Promise<string> {
  const data = encodeCall(token, 'claimableRevenue', [founder, snapshotId]);
  return String(BigInt(await chain.rpc.call('eth_call', [{ to: token.address, data }, 'latest'])));
}

describe('money without a frame in the block of a snapshot', () => {
  let scene: Scene;
  let taken: number;
  const tip = (priorityFeeWei: bigint): TransactionRequest => ({
    from: scene.payer,
    to: scene.friend,
    valueWei: 1n,
    gas: 21_000n,
    priorityFeeWei,
  });
  const snapshot = (): TransactionRequest => ({
    from: scene.founder,
    to: scene.token.address,
    data: scene.data('snapshot'),
    gas: 300_000n,
    priorityFeeWei: 0n,
  });

  beforeAll(async () => {
    scene = await Scene.start();
    await scene.pay(1000n);
    await scene.snapshot();
    await scene.wait();
    await tipped(scene, [tip(3n), snapshot(), tip(2n)]);
    taken = (await latestBlock(scene.chain)).number;
  });

  it('tips are paid transaction by transaction: the snapshot covers those before it', async () => {
    expect(await claimable(scene, 2n)).toBe('50400');
    expect(await scene.booked()).toEqual([
      ['untraced', '63000', ''],
      ['snapshot', '50400', '2'],
      ['untraced', '42000', ''],
    ]);
  });

  it('if no block names the tips, what the contract assigned proves the same places', async () => {
    const proxy = await hiding(scene, taken);
    expect(await scene.booked(proxy.url)).toEqual([
      ['untraced', '63000', ''],
      ['snapshot', '50400', '2'],
      ['untraced', '42000', ''],
    ]);
  });

  it('if the contract has no state of the block, its books end before it', async () => {
    const proxy = await hiding(scene, taken);
    for (const method of ['eth_call', 'eth_getStorageAt']) {
      const pruned = { kind: 'error', code: -32000, message: 'missing trie node' } as const;
      proxy.inject({ ...pruned, method, block: taken, times: Infinity });
    }
    const databaseUrl = await freshDatabase();
    const chain = { ...scene.chain, url: proxy.url };
    const run = indexTo({ chain, databaseUrl, tokens: [scene.token.address] });
    await expect(run).rejects.toMatchObject({ code: 'CHAIN_MONEY_UNPLACED' });
    await expect(run).rejects.toThrow(
      `block ${taken}: 105000 wei came without a call frame, before or after a snapshot or a burn`,
    );
    expect(await query(databaseUrl, 'SELECT snapshot_id FROM snapshot')).toHaveLength(1);
  });

  it('a withdrawal comes at the end of its block, after the snapshot', async () => {
    await scene.wait();
    await tipped(scene, [snapshot(), tip(1_000_000_000n)]);
    const proxy = await hiding(scene, (await latestBlock(scene.chain)).number, [
      { address: scene.token.address, amount: '0x5208' },
    ]);
    expect(await scene.booked(proxy.url)).toEqual([
      ['snapshot', await claimable(scene, 3n), '3'],
      ['untraced', '21000000000000', ''],
    ]);
  });

  it('what a burn paid proves which money came before it', async () => {
    await tipped(scene, [tip(5n), { ...snapshot(), data: scene.data('burn', [500n]) }, tip(1n)]);
    const known = await scene.booked();
    const proxy = await hiding(scene, (await latestBlock(scene.chain)).number);
    const found = await scene.booked(proxy.url);
    const total = (rows: typeof known) =>
      rows.reduce((sum, [kind, amount]) => sum + (kind === 'untraced' ? BigInt(amount) : 0n), 0n);
    expect(total(found)).toBe(126_000n);
    expect(total(known)).toBe(126_000n);
    expect(found.filter(([kind]) => kind !== 'untraced')).toEqual(
      known.filter(([kind]) => kind !== 'untraced'),
    );
  });

  it('is marked with its cause, and as provisional until its block is final', async () => {
    const databaseUrl = await freshDatabase();
    const request = { chain: scene.chain, databaseUrl, tokens: [scene.token.address] };
    const block = await indexTo({ ...request, finality: 2 });
    const api = await startTestApi(databaseUrl);
    const marked = async () => {
      const { receipts } = await askData(
        api,
        `query ($block: SafeInt!) { receipts(direction: ASC, where: { block: { _eq: $block } }) {
          nodes { kind cause isProvisional amountWei } } }`,
        { block },
      );
      const { chainId } = scene.chain;
      const url = new URL(`/v1/export/receipts?chain=${chainId}&format=jsonl`, api.url);
      const lines = (await (await fetch(url)).text()).trim().split('\n');
      const rows = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
      const here = rows.filter((row) => row.block_number === block);
      return { nodes: receipts.nodes, rows: here.map((row) => [row.cause, row.is_provisional]) };
    };
    const tip = (amountWei: string, isProvisional: boolean) => ({
      kind: 'UNTRACED',
      cause: 'TIPS',
      isProvisional,
      amountWei,
    });
    const account = scene.founder;
    const of = `chainId: ${scene.chain.chainId}, address: "${scene.token.address}"`;
    /** The marks of answers with figures that depend on tips: the block before has some too. */
    const marks = async () => {
      const [before, now, list] = await Promise.all([
        ask(api, `{ token(${of}, at: {block: ${block - 2}}) { pools { newRevenueWei } } }`),
        ask(api, `{ token(${of}) { pools { newRevenueWei } } }`),
        ask(api, `{ claimPlan(address: "${account}") { warnings { code } } }`),
      ]);
      const rest = await fetch(new URL(`/v1/holders/${account}/claimable`, api.url));
      const { provisional } = (await rest.json()) as { provisional: unknown };
      const markOf = (answer: object) =>
        (answer as { extensions?: { provisional?: unknown } }).extensions?.provisional ?? null;
      return [markOf(before), markOf(now), markOf(list), provisional];
    };
    const { chainId } = scene.chain;
    const mark = [
      { chainId, token: checksummed(scene.token.address as Address), fromBlock: block - 1 },
    ];
    expect(await marks()).toEqual([null, mark, mark, mark]);
    expect(await marked()).toEqual({
      nodes: [tip('105000', true), tip('21000', true)],
      rows: [
        ['tips', true],
        ['tips', true],
      ],
    });
    await mineBlocks(scene.chain, 2);
    await indexTo({ ...request, finality: 2 }, block + 2);
    expect(await marked()).toEqual({
      nodes: [tip('105000', false), tip('21000', false)],
      rows: [
        ['tips', false],
        ['tips', false],
      ],
    });
    expect(await marks()).toEqual([null, null, null, []]);
    await api.close();
  });
});
