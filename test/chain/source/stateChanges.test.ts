import { expect, it } from 'vitest';
import { changesIn, ManyChangesError } from '../../../src/chain/source/proofs/stateChanges.js';
import {
  type StateQuestion,
  StateReads,
  type Watched,
} from '../../../src/chain/source/proofs/stateReads.js';

const WATCHED: Watched = { kind: 'account', address: `0x${'a'.repeat(40)}` };
const gap = (low: number, high: number) => [{ watched: WATCHED, low, high }];

/** A contract whose balance grows at the end of each of some blocks; counts what is asked. */
function grows(isAt: (block: number) => boolean) {
  const counted = { questions: 0 };
  const balanceAt = (block: number) => {
    let balance = 0n;
    for (let at = 0; at <= block; at++) if (isAt(at)) balance++;
    return { balance, storageHash: null };
  };
  const read = async (questions: readonly StateQuestion[]) => {
    counted.questions += questions.length;
    return questions.map(({ block }) => balanceAt(block));
  };
  return { counted, states: { read } };
}

it('every block in which a balance changed is found by few questions', async () => {
  const changed = [1, 300, 301, 999];
  const { states, counted } = grows((block) => changed.includes(block));
  const found = await changesIn(states, gap(0, 1_000));
  expect(found?.map(({ block }) => block).sort((a, b) => a - b)).toEqual(changed);
  expect(counted.questions).toBeLessThan(200);
});

it('a gap in which nothing changed costs two questions', async () => {
  const { states, counted } = grows(() => false);
  expect(await changesIn(states, gap(0, 1_000_000))).toEqual([]);
  expect(counted.questions).toBe(2);
});

it('a balance that changes in every block is not bisected to the end', async () => {
  const { states } = grows(() => true);
  await expect(changesIn(states, gap(0, 2_000))).rejects.toThrow(ManyChangesError);
});

it('nothing is claimed where the nodes have no old states', async () => {
  expect(await changesIn({ read: async () => null }, gap(0, 10))).toBeNull();
});

it('parts that are proven at the same time ask once for the state between them, also where the first fails', async () => {
  const asked: number[][] = [];
  const failures = [new Error('the node is away')];
  const client = {
    async batchCall(calls: readonly { params: readonly [string, [], string] }[]) {
      asked.push(calls.map(({ params }) => Number(params[2])));
      await Promise.resolve();
      const failure = failures.pop();
      if (failure !== undefined) throw failure;
      return calls.map(() => ({ balance: '0x1', storageHash: `0x${'0'.repeat(64)}` }));
    },
  };
  const states = new StateReads(client as never, 'proofs', () => undefined);
  const of = (...blocks: number[]) => blocks.map((block) => ({ watched: WATCHED, block }));
  const [first, second] = await Promise.allSettled([states.read(of(1, 2)), states.read(of(2, 3))]);
  expect(first.status).toBe('rejected');
  expect(second).toMatchObject({ value: [{ balance: 1n }, { balance: 1n }] });
  expect(asked).toEqual([[1, 2], [3], [2]]);
  await Promise.all([states.read(of(4, 5)), states.read(of(5, 6))]);
  expect(asked.slice(3)).toEqual([[4, 5], [6]]);
});
