import { describe, expect, it } from 'vitest';
import { recordFromCallTree, treeOfTransaction } from '../../../src/chain/reading/tree/callTree.js';
import type { TransactionRecord } from '../../../src/chain/reading/tree/frames.js';

const token = `0x${'aa'.repeat(20)}`;
const payer = `0x${'bb'.repeat(20)}`;
const topic = (n: number) => `0x${String(n).padStart(64, '0')}`;

interface Tree {
  readonly calls?: readonly Tree[];
  readonly logs?: readonly object[];
  readonly error?: string;
}
const call = (tree: Tree = {}): object => ({
  type: 'CALL',
  from: payer,
  to: token,
  value: '0x0',
  input: '0x',
  ...tree,
  calls: tree.calls ?? [],
});
const log = (n: number, position?: number | string) => ({
  address: token,
  topics: [topic(n)],
  data: '0x',
  ...(position === undefined ? {} : { position }),
});

function recordOf(...topics: number[]): TransactionRecord {
  return {
    transactionIndex: 0,
    transactionHash: `0x${'cd'.repeat(32)}`,
    frames: [],
    logs: topics.map((n, logIndex) => ({
      address: token,
      logIndex,
      topics: [topic(n)],
      data: '0x',
    })),
    framesBeforeLog: null,
  };
}

/** For each log how many frames come before it: one number, or the least and the most. */
function places(tree: object, ...topics: number[]) {
  const { framesBeforeLog } = recordFromCallTree(tree, recordOf(...topics));
  return framesBeforeLog?.map(({ earliest, latest }) =>
    earliest === latest ? earliest : [earliest, latest],
  );
}

describe('the place of a log among the frames of a call tree', () => {
  it('is behind as many sub-calls as `position` says, all their frames included', () => {
    const tree = call({
      calls: [call({ calls: [call()] }), call()],
      logs: [log(1, 0), log(2, '0x1'), log(3, 2)],
    });
    expect(places(tree, 1, 2, 3)).toEqual([1, 3, 4]);
  });

  it('is unknown without `position`, not first', () => {
    const tree = call({ calls: [call({ calls: [call()] }), call()], logs: [log(1)] });
    expect(places(tree, 1)).toEqual([[1, 4]]);
  });

  it('is certain without `position` where the frame has no sub-calls', () => {
    const tree = call({ calls: [call({ logs: [log(1)] }), call()] });
    expect(places(tree, 1)).toEqual([2]);
  });

  it('is first where the node writes later positions and leaves only 0 out', () => {
    const tree = call({ calls: [call()], logs: [log(1), log(2, '0x1')] });
    expect(places(tree, 1, 2)).toEqual([1, 2]);
  });

  it('stays unknown where the node writes 0 for another log', () => {
    const tree = call({ calls: [call({ logs: [log(2, 0)] })], logs: [log(1)] });
    expect(places(tree, 1, 2)).toEqual([[1, 2], 2]);
  });

  it('is narrowed by the logs around it', () => {
    const inner = call({ logs: [log(1)] });
    const tree = call({ calls: [inner, call({ logs: [log(3)] }), call()], logs: [log(2), log(4)] });
    expect(places(tree, 1, 2, 3, 4)).toEqual([2, [2, 3], 3, [3, 4]]);
  });

  it('is unknown where the tree lacks the sub-call that `position` counts', () => {
    expect(places(call({ calls: [call()], logs: [log(1, 7)] }), 1)).toEqual([[1, 2]]);
  });

  it('leaves open which of two frames wrote which of two logs that say the same', () => {
    const tree = call({ calls: [call({ logs: [log(1)] }), call()], logs: [log(1)] });
    const { framesBeforeLog, frameOfLog } = recordFromCallTree(tree, recordOf(1, 1));
    expect(framesBeforeLog).toEqual([
      { earliest: 1, latest: 2 },
      { earliest: 2, latest: 3 },
    ]);
    expect(frameOfLog?.size).toBe(0);
  });

  it('is not that of a log of a frame that was reverted', () => {
    const tree = call({
      calls: [call({ error: 'out of gas', logs: [log(1)] }), call({ logs: [log(1)] })],
    });
    expect(places(tree, 1)).toEqual([3]);
  });

  it('is refused where the tree has more or fewer of the logs, or another order', () => {
    const differs = expect.objectContaining({ code: 'CHAIN_TREE_DIFFERS' });
    const both = call({ logs: [log(1), log(1)] });
    const cases: [object, number[]][] = [
      [both, [1]],
      [both, [1, 1, 1]],
      [call({ calls: [call()], logs: [log(1, 0), log(2, 1)] }), [2, 1]],
      [{ type: 'CALL' }, [1]],
    ];
    for (const [tree, topics] of cases) {
      let error: unknown;
      try {
        places(tree, ...topics);
      } catch (caught) {
        error = caught;
      }
      expect(error).toEqual(differs);
    }
  });
});

describe('the call tree of a transaction among those of its block', () => {
  it('is found by hash where the node gives hashes, else by index', () => {
    const record = { ...recordOf(), transactionIndex: 1 };
    const other = `0x${'ef'.repeat(32)}`;
    const { transactionHash: txHash } = record;
    expect(treeOfTransaction([{ result: 1 }, { result: 2 }], record)).toBe(2);
    expect(
      treeOfTransaction(
        [
          { txHash, result: 1 },
          { txHash: other, result: 2 },
        ],
        record,
      ),
    ).toBe(1);
    expect(treeOfTransaction([{ txHash: other, result: 1 }], record)).toBeUndefined();
    expect(treeOfTransaction(null, record)).toBeUndefined();
  });
});
