import { beforeAll, describe, expect, it } from 'vitest';
import { mineBlocks } from '../../../devnet/chain.js';
import type { FinderKind } from '../../../src/config/source/finderKinds.js';
import { query } from '../../support/databases/postgres.js';
import { dumpTables } from '../../support/databases/tables.js';
import { anyOf, askedTogether } from '../../support/nodes/askedTogether.js';
import { hidesMoney } from '../../support/nodes/frameDialects.js';
import type { Dialect } from '../../support/nodes/oddNode.js';
import { oddNode } from '../../support/nodes/testNode.js';
import { indexFound } from '../../support/programs/foundIndex.js';
import { Scene } from '../../support/scenes/scene.js';

const FINALITY = 5;

let scene: Scene;
/** Heights of two transfers of the founder to the friend. */
let transfers: number[];

beforeAll(async () => {
  scene = await Scene.start();
  const { founder, friend, chain } = scene;
  const first = await scene.call(founder, 'transfer', [friend, 100n]);
  await scene.pay(10n ** 18n);
  await mineBlocks(chain, 20);
  await scene.snapshot();
  await scene.call(friend, 'claim', [1n]);
  const second = await scene.call(founder, 'transfer', [friend, 7n]);
  await scene.route([{ valueWei: 50n }], 50n);
  await mineBlocks(chain, 20);
  transfers = [first, second].map(({ blockNumber }) => Number(blockNumber));
});

const index = (finder: FinderKind, url = scene.chain.url) =>
  indexFound(finder, {
    chain: { ...scene.chain, url },
    tokens: [scene.token.address],
    finality: FINALITY,
  });

const sourceRanges = (databaseUrl: string) =>
  query(
    databaseUrl,
    'SELECT from_block::int, to_block::int, finder, proof FROM source_range ORDER BY 1',
  );

describe('a chain whose final blocks are found', () => {
  it('has the same rows as if all blocks were read, and records what proves them', async () => {
    const each = await index('blocks');
    const rows = await dumpTables(each.databaseUrl);
    const head = Number(await scene.chain.rpc.call<string>('eth_blockNumber'));
    for (const finder of ['ranges', 'state'] as const) {
      const { databaseUrl } = await index(finder);
      expect(await dumpTables(databaseUrl), finder).toEqual(rows);
      expect(await sourceRanges(databaseUrl)).toEqual([
        expect.objectContaining({ finder: 'blocks', proof: 'blocks' }),
        expect.objectContaining({ to_block: head - FINALITY, finder, proof: 'state' }),
      ]);
    }
  });

  it('is checked before a commit by questions that are asked at once', async () => {
    const head = Number(await scene.chain.rpc.call<string>('eth_blockNumber'));
    const last = `0x${(head - FINALITY).toString(16)}`;
    const { hash } = await scene.chain.rpc.call<{ hash: string }>('eth_getBlockByNumber', [
      ...[last, false],
    ]);
    const isAt = (tag: unknown) => (tag as { blockHash?: string })?.blockHash === hash;
    const node = await oddNode(
      scene.chain.url,
      askedTogether(
        ({ method, params }) => method === 'eth_getCode' && params[1] === last,
        ({ method, params }) => method === 'eth_getBalance' && isAt(params[1]),
        ({ method, params }) => method === 'eth_call' && isAt(params[1]),
      ),
    );
    const { databaseUrl } = await index('ranges', node.url);
    expect(await query(databaseUrl, 'SELECT snapshot_id::int FROM claim')).toHaveLength(1);
  });

  it('begins with its contract, while nodes are asked how they trace', async () => {
    const together = askedTogether(anyOf('debug_traceBlockByHash'), anyOf('eth_getCode'));
    const node = await oddNode(scene.chain.url, together);
    const { databaseUrl } = await index('ranges', node.url);
    expect(await query(databaseUrl, 'SELECT snapshot_id::int FROM claim')).toHaveLength(1);
  });

  it('is not booked if a payment is missing from every trace', async () => {
    const node = await oddNode(scene.chain.url, hidesMoney);
    await expect(index('ranges', node.url)).rejects.toMatchObject({
      code: expect.stringMatching(/^CHAIN_/),
    });
  });
});

describe('a node without old states that lists one transfer too few', () => {
  const withoutStates: Dialect = async (call, ask) => {
    const isByNumber = typeof call.params.at(-1) === 'string';
    const isState = call.method === 'eth_getProof' || call.method === 'eth_getBalance';
    if (!isState || !isByNumber) return ask(call);
    return { error: { code: -32000, message: 'missing trie node: old state is not available' } };
  };
  const withoutFirst: Dialect = async (call, ask) => {
    const reply = await ask(call);
    if (!/^(eth_getLogs|trace_filter)$/.test(call.method) || !Array.isArray(reply.result)) {
      return reply;
    }
    const isLeftOut = ({ blockNumber }: { blockNumber: unknown }) =>
      Number(blockNumber) === transfers[0];
    return { result: reply.result.filter((entry) => !isLeftOut(entry)) };
  };

  it('is found out before anything is committed, and each block is read', async () => {
    const truth = await dumpTables((await index('blocks')).databaseUrl);
    const node = await oddNode(scene.chain.url, withoutStates, withoutFirst);
    const { databaseUrl, warnings } = await index('ranges', node.url);
    expect(warnings).toContainEqual(
      expect.stringMatching(/by the books.*indexing continues|the books say.*indexing continues/),
    );
    expect(await dumpTables(databaseUrl)).toEqual(truth);
    expect(await sourceRanges(databaseUrl)).toEqual([
      expect.objectContaining({ finder: 'blocks', proof: 'blocks' }),
    ]);
  });
});
