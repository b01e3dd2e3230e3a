import pg from 'pg';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { latestBlock, mineBlocks } from '../../../devnet/chain.js';
import { type BlockHeader, ChainNode } from '../../../src/chain/node.js';
import { DeepReorgError } from '../../../src/processor/reorgs/chainTrouble.js';
import { followHead } from '../../../src/processor/reorgs/followHead.js';
import { ForkWatch, type HeadView } from '../../../src/processor/reorgs/forkWatch.js';
import { freshDatabase } from '../../support/databases/postgres.js';
import { startAnvil } from '../../support/nodes/anvil.js';
import { faultyProxy } from '../../support/nodes/rpcProxy.js';
import { indexTo } from '../../support/programs/indexer.js';
import { Scene } from '../../support/scenes/scene.js';

const FINALITY = 4;

describe('what a node shows is compared with what is indexed', () => {
  let ours: Scene;
  let databaseUrl: string;
  /** The same chain up to `base`, and another one from there. */
  let other: Awaited<ReturnType<typeof startAnvil>>;
  let base: number;
  let tip: number;

  beforeAll(async () => {
    ours = await Scene.start();
    await ours.pay(1n);
    await mineBlocks(ours.chain, 8, 1);
    base = (await latestBlock(ours.chain)).number;
    const state = await ours.chain.rpc.call<string>('evm_snapshot');
    await ours.pay(2n);
    await mineBlocks(ours.chain, 1, 1);
    tip = (await latestBlock(ours.chain)).number;
    databaseUrl = await freshDatabase();
    const request = { chain: ours.chain, databaseUrl, tokens: [ours.token.address] };
    await indexTo({ ...request, finality: FINALITY });
    await ours.chain.rpc.call('evm_revert', [state]);
    await mineBlocks(ours.chain, 5, 3);
    other = await startAnvil({ genesisTimestamp: 1_740_000_000 });
    await mineBlocks(other, tip + 3, 1);
  });

  /** The node has the other fork, five blocks above `base`. */
  async function watchThrough(url: string): Promise<ForkWatch> {
    return watchOf(new ChainNode(url));
  }

  async function watchOf(node: ChainNode): Promise<ForkWatch> {
    const db = new pg.Pool({ connectionString: databaseUrl });
    onTestFinished(async () => {
      node.close();
      await db.end();
    });
    return new ForkWatch(db, node, 31_337);
  }

  it('another block on a chain that links up is a fork, from the newest shared block', async () => {
    const watch = await watchThrough(ours.chain.url);
    expect(await watch.look(base + 5)).toMatchObject({
      kind: 'fork',
      tip: { height: tip },
      head: { height: base + 5 },
      base: { height: base },
    });
  });

  it('a head that is not higher than ours comes with its hash', async () => {
    const node = new ChainNode(ours.chain.url);
    const { hash } = await node.blockHeader(base + 1);
    const watch = await watchOf(node);
    const view = await watch.look(base + 1);
    expect(view).toMatchObject({ kind: 'fork', head: { height: base + 1, hash } });
  });

  it('a chain that only knows shared blocks is ours, as far as it goes', async () => {
    const watch = await watchThrough(ours.chain.url);
    expect(await watch.look(base)).toMatchObject({ kind: 'ours', tipHeight: tip });
  });

  it('headers that do not link up are evidence of nothing', async () => {
    const proxy = await faultyProxy(ours.chain.url);
    const method = 'eth_getBlockByNumber';
    proxy.inject({ kind: 'null', method, block: base + 1, times: Infinity });
    const watch = await watchThrough(proxy.url);
    expect(await watch.look(base + 5)).toMatchObject({
      kind: 'unclear',
      reason: expect.stringContaining('do not link up'),
    });
  });

  it('a missing block is not a fork', async () => {
    const proxy = await faultyProxy(ours.chain.url);
    const method = 'eth_getBlockByNumber';
    proxy.inject({ kind: 'null', method, block: tip, times: Infinity });
    const watch = await watchThrough(proxy.url);
    expect(await watch.look(base + 5)).toMatchObject({ kind: 'unclear' });
  });

  it('a node that shows our block again at a request for the others is not a fork', async () => {
    /** The first question meets a node of another chain, the next ones ours. */
    class Flipping extends ChainNode {
      private isFirst = true;
      private readonly elsewhere = new ChainNode(other.url);
      override headers(from: number, to: number): Promise<BlockHeader[]> {
        const answer = this.isFirst ? this.elsewhere.headers(from, to) : super.headers(from, to);
        this.isFirst = false;
        return answer;
      }
      override close(): void {
        this.elsewhere.close();
        super.close();
      }
    }
    const watch = await watchOf(new Flipping(ours.chain.url));
    expect(await watch.look(base)).toEqual({ kind: 'unclear', reason: 'it changed its mind' });
  });

  it('a fork below the final block has no base', async () => {
    const watch = await watchThrough(other.url);
    expect(await watch.look(tip + 3)).toMatchObject({ kind: 'fork', base: null });
  });
});

describe('a fork is followed', () => {
  const point = { height: 10, hash: '0x10' };
  const mine: HeadView = { kind: 'ours', tipHeight: 10, finalizedHeight: 5 };
  const unclear: HeadView = { kind: 'unclear', reason: 'it has no block 10' };
  const shorter: HeadView = {
    kind: 'fork',
    tip: point,
    head: { height: 9, hash: '0x9' },
    base: { height: 7, hash: '0x7' },
  };
  const longer: HeadView = { ...shorter, head: { height: 11 } };
  const deep: HeadView = { ...longer, base: null };

  /** What is navigated to while a node shows this, one after the other. */
  async function following(views: readonly HeadView[]): Promise<(number | 'deep')[]> {
    const rest = [...views];
    const visited: (number | 'deep')[] = [];
    const watch = {
      look: async () => {
        const view = rest.shift();
        if (view === undefined) throw new Error('nothing is left to see');
        return view;
      },
    };
    await followHead({
      watch,
      headNumber: async () => 10,
      navigate: async ({ height }) => {
        visited.push(height);
      },
      isEnd: () => rest.length === 0,
      pollMs: 1,
      onWarning: () => undefined,
      signal: new AbortController().signal,
    }).catch((error: unknown) => {
      if (!(error instanceof DeepReorgError)) throw error;
      visited.push('deep');
    });
    return visited;
  }

  it.each<[string, readonly HeadView[], readonly (number | 'deep')[]]>([
    ['at once when it is higher', [longer], [11]],
    ['not when it is not higher and was seen twice', [shorter, shorter], []],
    ['when it is all that was seen three times', [shorter, shorter, shorter], [9]],
    ['not when ours was seen in between', [shorter, shorter, mine, shorter, shorter], []],
    ['not sooner because of what is unclear', [unclear, shorter, unclear, shorter, unclear], []],
    ['again after it was followed', [shorter, shorter, shorter, shorter, shorter], [9]],
    ['below finality not when it was seen twice', [deep, deep], []],
    ['below finality when it was seen three times', [deep, deep, deep], ['deep']],
    ['below finality not when ours was seen in between', [deep, deep, mine, deep, deep], []],
  ])('%s', async (_, views, expected) => {
    expect(await following(views)).toEqual(expected);
  });
});
