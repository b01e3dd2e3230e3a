import { describe, expect, it } from 'vitest';
import { execute, latestBlock, mineBlock } from '../../../devnet/chain.js';
import { deployReentrantHolder, deploySelfDestructor, encodeCall } from '../../../devnet/deploy.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';
import { faultyProxy, proxyWithout } from '../../support/nodes/rpcProxy.js';
import { indexTo } from '../../support/programs/indexer.js';
import { Scene } from '../../support/scenes/scene.js';

const short = (address: string) => address.slice(2, 6).toLowerCase();
const bare = (address: string) => address.slice(2).toLowerCase();

describe('operations are booked in execution order (docs/domain.md#order)', () => {
  it('a router that pays in, takes a snapshot, pays again, claims and burns at once', async () => {
    const scene = await Scene.start();
    const router = bare(scene.router.address);
    await scene.call(scene.founder, 'transfer', [scene.router.address, 500n]);
    await scene.wait();
    await scene.route(
      [
        { valueWei: 1000n },
        { data: scene.data('snapshot') },
        { valueWei: 100n },
        { data: scene.data('claim', [1n]) },
        { data: scene.data('burn', [100n]) },
        { valueWei: 7n },
      ],
      1107n,
    );
    expect(await scene.booked()).toEqual([
      ['call', '1000', router],
      ['snapshot', '800', '1'],
      ['call', '100', router],
      ['claim', '400', '1'],
      ['redemption', '22', '100'],
      ['transfer', '100', '0000'],
      ['call', '7', router],
    ]);
  });

  it('a reverted frame, at any depth, has no effect', async () => {
    const scene = await Scene.start();
    const router = bare(scene.router.address);
    const inner = encodeCall(scene.router, 'execute', [
      [
        { target: scene.token.address, value: 50n, data: '0x', mayFail: false },
        {
          target: scene.router.address,
          value: 0n,
          data: encodeCall(scene.router, 'alwaysRevert'),
          mayFail: false,
        },
      ],
    ]);
    await scene.route(
      [
        { valueWei: 10n },
        { target: scene.router.address, valueWei: 50n, data: inner, mayFail: true },
        { valueWei: 20n },
      ],
      80n,
    );
    expect(await scene.booked()).toEqual([
      ['call', '10', router],
      ['call', '20', router],
    ]);
  });

  it('code of the token that runs elsewhere by delegatecall is not an operation', async () => {
    const scene = await Scene.start();
    const deposit = scene.data('deposit', ['0x']);
    const delegated = encodeCall(scene.router, 'executeDelegate', [
      scene.token.address,
      deposit,
      true,
    ]);
    await execute(scene.chain, {
      from: scene.payer,
      to: scene.router.address,
      data: delegated,
      valueWei: 33n,
    });
    await scene.pay(1n);
    expect(await scene.booked()).toEqual([['call', '1', bare(scene.payer)]]);
  });

  it('a batch of claims is one operation for each of its payments', async () => {
    const scene = await Scene.start();
    await scene.pay(1000n);
    await scene.snapshot();
    await scene.pay(500n);
    await scene.snapshot();
    await scene.call(scene.founder, 'claimBatch', [[2n, 1n]]);
    expect(await scene.booked()).toEqual([
      ['claim', '400', '2'],
      ['claim', '800', '1'],
    ]);
  });

  it('a payee that re-enters: its burn comes after the claim that paid it', async () => {
    const scene = await Scene.start();
    const { chain, founder, token } = scene;
    const payee = await deployReentrantHolder(chain, { from: founder });
    await scene.call(founder, 'transfer', [payee.address, 500n]);
    await scene.pay(1000n);
    await scene.snapshot();
    await scene.pay(1000n);
    const step = (data: string, value = 0n) => ({
      target: token.address,
      value,
      data,
      propagate: true,
      pause: false,
    });
    await execute(chain, {
      from: founder,
      to: payee.address,
      data: encodeCall(payee, 'program', [
        token.address,
        [step('0x', 5n), step(scene.data('burn', [100n]))],
      ]),
    });
    await execute(chain, {
      from: founder,
      to: payee.address,
      data: encodeCall(payee, 'run', [token.address, 0n, scene.data('claim', [1n])]),
    });
    expect(await scene.booked()).toEqual([
      ['claim', '400', '1'],
      ['call', '5', bare(payee.address)],
      ['redemption', '40', '100'],
      ['transfer', '100', '0000'],
    ]);
  });

  it('money from a self-destruct and with call data counts like any other', async () => {
    const scene = await Scene.start();
    const bomb = await deploySelfDestructor(scene.chain, { from: scene.payer });
    const destroy = encodeCall(bomb, 'destroy', [scene.token.address]);
    await scene.inOneBlock([
      { from: scene.payer, to: bomb.address, data: destroy, valueWei: 12n },
      {
        from: scene.friend,
        to: scene.token.address,
        data: scene.data('deposit', ['0x1234']),
        valueWei: 13n,
      },
    ]);
    expect(await scene.booked()).toEqual([
      ['selfdestruct', '12', bare(bomb.address)],
      ['call', '13', bare(scene.friend)],
    ]);
  });

  it('several transactions of one block keep their order', async () => {
    const scene = await Scene.start();
    await scene.pay(1000n);
    await scene.snapshot();
    const to = scene.token.address;
    const { founder, friend, payer } = scene;
    await scene.inOneBlock([
      { from: founder, to, data: scene.data('claim', [1n]) },
      { from: payer, to, valueWei: 100n },
      { from: founder, to, data: scene.data('transfer', [friend, 100n]) },
      { from: founder, to, data: scene.data('burn', [100n]) },
      { from: payer, to, valueWei: 1n },
    ]);
    expect(await scene.booked()).toEqual([
      ['claim', '800', '1'],
      ['call', '100', bare(payer)],
      ['transfer', '100', short(friend)],
      ['redemption', '22', '100'],
      ['transfer', '100', '0000'],
      ['call', '1', bare(payer)],
    ]);
  });

  it('tokens burned to bridge out are not a redemption', async () => {
    const scene = await Scene.start('RevShareBridged');
    await scene.pay(1000n);
    await scene.snapshot();
    const to = scene.token.address;
    await scene.inOneBlock([
      { from: scene.founder, to, data: scene.data('bridgeOut', [500n]) },
      { from: scene.founder, to, data: scene.data('burn', [50n]) },
    ]);
    expect(await scene.booked()).toEqual([
      ['transfer', '500', '0000'],
      ['redemption', '20', '50'],
      ['transfer', '50', '0000'],
    ]);
  });
});

describe('where the order comes from', () => {
  it('a snapshot with no money around it in its transaction needs no call tree', async () => {
    const scene = await Scene.start();
    await scene.pay(1000n);
    await scene.snapshot();
    const proxy = await faultyProxy(scene.chain.url);
    expect(await scene.booked(proxy.url)).toEqual([['snapshot', '800', '1']]);
    // Once by the check of the source at the start.
    expect(proxy.calls('debug_traceBlockByHash')).toBe(1);
  });

  it('a router bundle around a snapshot: log positions are fetched, for that block only', async () => {
    const scene = await Scene.start();
    await scene.wait();
    await scene.route(
      [{ valueWei: 1000n }, { data: scene.data('snapshot') }, { valueWei: 100n }],
      1100n,
    );
    const proxy = await faultyProxy(scene.chain.url);
    expect(await scene.booked(proxy.url)).toHaveLength(3);
    expect(proxy.calls('debug_traceBlockByHash')).toBe(2);
  });

  it('a snapshot inside another function: log positions are fetched, for that block only', async () => {
    const scene = await Scene.start('RevShareMulticall');
    await scene.pay(1000n);
    await scene.wait();
    await scene.route(
      [
        { valueWei: 10n },
        { data: scene.data('distributeAndSnapshot'), valueWei: 90n },
        { valueWei: 7n },
      ],
      107n,
    );
    const proxy = await faultyProxy(scene.chain.url);
    const router = bare(scene.router.address);
    expect(await scene.booked(proxy.url)).toEqual([
      ['call', '10', router],
      ['call', '90', router],
      ['snapshot', '880', '1'],
      ['call', '7', router],
    ]);
    expect(proxy.calls('debug_traceBlockByHash')).toBe(2);
  });

  it('a missing call tree is requested again; nothing else is repeated', async () => {
    const scene = await Scene.start('RevShareMulticall');
    await scene.pay(1000n);
    await scene.wait();
    await scene.route([{ data: scene.data('distributeAndSnapshot'), valueWei: 90n }], 90n);
    const proxy = await faultyProxy(scene.chain.url);
    const injected = proxy.inject({ kind: 'empty', method: 'debug_traceBlockByHash', times: 3 });
    expect(await scene.booked(proxy.url)).toEqual([
      ['call', '90', bare(scene.router.address)],
      ['snapshot', '872', '1'],
    ]);
    expect(injected.count).toBe(3);
    // The check of the source has one of them, and comes once in each attempt.
    expect(proxy.calls('debug_traceBlockByHash')).toBe(4);
  });

  it('functions reached by a multicall count once, its money too', async () => {
    const scene = await Scene.start('RevShareMulticall');
    await scene.pay(1000n);
    await scene.snapshot();
    await scene.call(
      scene.founder,
      'multicall',
      [[scene.data('deposit', ['0x']), scene.data('deposit', ['0x'])]],
      9n,
    );
    expect(await scene.booked()).toEqual([['call', '9', bare(scene.founder)]]);
    await scene.call(scene.founder, 'multicall', [
      [scene.data('claim', [1n]), scene.data('burn', [100n])],
    ]);
    expect(await scene.booked()).toEqual([
      ['claim', '800', '1'],
      ['redemption', '20', '100'],
      ['transfer', '100', '0000'],
    ]);
  });
});

describe('a snapshot that its snapshot() frame did not take', () => {
  const bundle = async () => {
    const scene = await Scene.start('RevShareDistributor');
    await scene.snapshot();
    await scene.pay(1000n);
    const { transactionHash } = await scene.route(
      [{ data: scene.data('snapshot') }, { valueWei: 500n }, { data: scene.data('distribute') }],
      500n,
    );
    const claimable = await claimableBy(scene, 2n);
    expect(claimable).toBe(1200n);
    const expected = [
      ['call', '500', bare(scene.router.address)],
      ['snapshot', '1200', '2'],
    ];
    return { scene, transactionHash, expected };
  };

  it('one frame and one log are not a pair: the call tree puts the money between them', async () => {
    const { scene, expected } = await bundle();
    expect(await scene.booked()).toEqual(expected);
  });

  it('without any call tree, the contract shows the order', async () => {
    const { scene, expected } = await bundle();
    const url = await proxyWithout(scene.chain.url, [
      'debug_traceBlockByHash',
      'debug_traceTransaction',
    ]);
    expect(await scene.booked(url)).toEqual(expected);
  });

  it('if neither a call tree nor the contract shows the order, the books end before the block', async () => {
    const { scene, transactionHash } = await bundle();
    const block = (await latestBlock(scene.chain)).number;
    await mineBlock(scene.chain);
    const proxy = await faultyProxy(scene.chain.url);
    for (const method of ['debug_traceBlockByHash', 'debug_traceTransaction']) {
      proxy.inject({ kind: 'error', code: -32601, message: 'not available', method, times: 99 });
    }
    const reverted = { kind: 'error', code: 3, message: 'execution reverted' } as const;
    proxy.inject({ ...reverted, method: 'eth_call', block, times: Infinity });
    const failure = scene.booked(proxy.url);
    await expect(failure).rejects.toMatchObject({ code: 'CHAIN_ORDER_UNPROVEN' });
    await expect(failure).rejects.toThrow(
      new RegExp(`block ${block}: .*${transactionHash}: of 2 possible orders none fits`),
    );
  });
});

describe('a node that leaves out the positions of logs', () => {
  const collected = async (after: readonly object[]) => {
    const scene = await Scene.start('RevShareDistributor');
    const { chain, router, token } = scene;
    await chain.rpc.call('anvil_setBalance', [router.address, '0x2710']);
    await scene.pay(100n);
    const pay = (value: bigint) =>
      encodeCall(router, 'execute', [
        [{ target: token.address, value, data: '0x', mayFail: false }],
      ]);
    await scene.call(scene.founder, 'collect', [
      router.address,
      pay(500n),
      after.length === 0 ? '0x' : pay(7n),
    ]);
    return scene;
  };

  const withoutPositions = async (scene: Scene) => {
    const proxy = await faultyProxy(scene.chain.url);
    for (const method of ['debug_traceBlockByHash', 'debug_traceTransaction']) {
      proxy.inject({ kind: 'positionsMissing', method, times: Infinity });
    }
    return proxy;
  };

  it('money that a sub-call brought before the snapshot is covered by it: 480, not 80', async () => {
    const scene = await collected([]);
    expect(await claimableBy(scene, 1n)).toBe(480n);
    const expected = [
      ['call', '500', bare(scene.router.address)],
      ['snapshot', '480', '1'],
    ];
    expect(await scene.booked()).toEqual(expected);
    const proxy = await withoutPositions(scene);
    expect(await scene.booked(proxy.url)).toEqual(expected);
    // One endpoint: the tree of the block, then that of the transaction.
    expect(proxy.calls('debug_traceBlockByHash')).toBe(2);
    expect(proxy.calls('debug_traceTransaction')).toBe(1);
  });

  it('another endpoint that gives them is asked before anything else', async () => {
    const scene = await collected([{}]);
    const proxy = await withoutPositions(scene);
    const good = await faultyProxy(scene.chain.url);
    const databaseUrl = await freshDatabase();
    await indexTo({
      chain: { ...scene.chain, url: proxy.url },
      databaseUrl,
      tokens: [scene.token.address],
      fallbackRpcUrls: [good.url],
    });
    const rows = await query<{ claimable_wei: string }>(
      databaseUrl,
      'SELECT claimable_wei FROM snapshot',
    );
    expect(rows.map((row) => row.claimable_wei)).toEqual(['480']);
    expect(proxy.calls('debug_traceTransaction') + good.calls('debug_traceTransaction')).toBe(0);
  });
});

/** What the contract says is claimable of a snapshot by the founder, who holds everything. */
async function claimableBy({ chain, token, founder }: Scene, snapshotId: bigint): Promise<bigint> {
  const data = encodeCall(token, 'claimableRevenue', [founder, snapshotId]);
  return BigInt(await chain.rpc.call<string>('eth_call', [{ to: token.address, data }, 'latest']));
}
