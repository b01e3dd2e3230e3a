import { describe, expect, it } from 'vitest';
import type { SourceBlock } from '../../../src/chain/reading/source.js';
import type { TransactionRecord } from '../../../src/chain/reading/tree/frames.js';
import { foreseenRecord, TreesAhead } from '../../../src/chain/reading/tree/treesAhead.js';
import { ImoError } from '../../../src/errors.js';

const token = `0x${'aa'.repeat(20)}`;
const tree = { type: 'CALL', from: `0x${'bb'.repeat(20)}`, to: token, value: '0x0', input: '0x' };

/** A transaction that wrote one log of the token. */
function transaction(n: number): TransactionRecord {
  return {
    transactionIndex: n,
    transactionHash: `0x${String(n).padStart(64, '0')}`,
    frames: [],
    logs: [{ address: token, logIndex: n, topics: [token], data: '0x' }],
    framesBeforeLog: null,
  };
}

/** The questions need only the hash of a block. */
const block = () => ({ header: { hash: `0x${'ee'.repeat(32)}` } }) as SourceBlock;
const treeWithLog = { ...tree, logs: [{ address: token, topics: [token], data: '0x' }] };

/** A node with one answer to each question for a tree; `null`: it never answers. */
function nodeThat(answer: (() => Promise<unknown>) | null) {
  const asked: unknown[] = [];
  const trace = (params: unknown[]) => {
    asked.push(params[0]);
    return answer === null ? new Promise<never>(() => undefined) : answer();
  };
  return { asked, traceBlock: trace, traceTransaction: trace };
}

describe('call trees of blocks that the indexer books later', () => {
  it('place the logs of the transaction', async () => {
    const of = block();
    const node = nodeThat(async () => treeWithLog);
    new TreesAhead(node, new AbortController().signal).foresee(of, [transaction(1)]);
    const placed = await foreseenRecord(of, transaction(1));
    expect(placed?.framesBeforeLog).toEqual([{ earliest: 1, latest: 1 }]);
  });

  it('are left to the booking if the node takes too long', async () => {
    const of = block();
    const late = new ImoError('RPC_TIMEOUT', 'the trace took too long', 'Ask again.');
    const node = nodeThat(() => Promise.reject(late));
    new TreesAhead(node, new AbortController().signal).foresee(of, [transaction(1)]);
    expect(await foreseenRecord(of, transaction(1))).toBeNull();
  });

  it('stop no indexer: after the stop it asks for no more, and waits for none', async () => {
    const of = block();
    const node = nodeThat(null);
    const stop = new AbortController();
    const all = Array.from({ length: 10 }, (_, n) => transaction(n));
    new TreesAhead(node, stop.signal).foresee(of, all);
    expect(node.asked).toHaveLength(6);
    const records = Promise.all(all.map((record) => foreseenRecord(of, record)));
    stop.abort();
    expect(await records).toEqual(all.map(() => null));
    expect(node.asked).toHaveLength(6);
  });

  it('are forgotten with their block, and make room for others', async () => {
    const [first, second] = [block(), block()];
    const ahead = new TreesAhead(
      nodeThat(async () => treeWithLog),
      new AbortController().signal,
    );
    const many = Array.from({ length: 200 }, (_, n) => transaction(n));
    ahead.foresee(first, many);
    ahead.foresee(second, many);
    expect(await foreseenRecord(second, transaction(1))).toBeNull();
    ahead.release([first]);
    expect(await foreseenRecord(first, transaction(1))).toBeNull();
    ahead.foresee(second, [transaction(1)]);
    expect(await foreseenRecord(second, transaction(1))).not.toBeNull();
  });
});
