import { expect, test } from 'vitest';
import { ForeseenAnswers } from '../../src/chain/foreseenAnswers.js';

const METHOD = 'eth_getCode';
const nullIfReverted = () => null;

/** Answers each question with its first parameter; notes what was asked. */
function asking() {
  const asked: unknown[] = [];
  const ask = async (questions: readonly (readonly unknown[])[]) => {
    asked.push(...questions.map(([first]) => first));
    return questions.map(([first]) => `asked for ${first}`);
  };
  return { asked, ask };
}

test('an answer that was foreseen serves one question; who asks again asks the node', async () => {
  const foreseen = new ForeseenAnswers();
  foreseen.add(METHOD, [['a'], ['c']], undefined, Promise.resolve(['foreseen a', 'foreseen c']));
  const { asked, ask } = asking();
  const take = () => foreseen.take(METHOD, [['a'], ['b'], ['c']], undefined, ask);
  expect(await take()).toEqual(['foreseen a', 'asked for b', 'foreseen c']);
  expect(asked).toEqual(['b']);
  expect(await take()).toEqual(['asked for a', 'asked for b', 'asked for c']);
});

test('a question that could not be answered ahead is asked in its turn', async () => {
  const foreseen = new ForeseenAnswers();
  foreseen.add(METHOD, [['a']], undefined, Promise.reject(new Error('no state')));
  const { ask } = asking();
  expect(await foreseen.take(METHOD, [['a'], ['b']], undefined, ask)).toEqual([
    'asked for a',
    'asked for b',
  ]);
});

test('an answer is not mistaken for that to another question, method or reading of an error', async () => {
  const foreseen = new ForeseenAnswers();
  const options = { validateError: nullIfReverted };
  foreseen.add(METHOD, [['a', '0x1']], options, Promise.resolve(['foreseen']));
  const { ask } = asking();
  const others = [
    foreseen.take(METHOD, [['a', '0x2']], options, ask),
    foreseen.take('eth_call', [['a', '0x1']], options, ask),
    foreseen.take(METHOD, [['a', '0x1']], undefined, ask),
  ];
  for (const other of others) expect(await other).toEqual(['asked for a']);
  expect(await foreseen.take(METHOD, [['a', '0x1']], options, ask)).toEqual(['foreseen']);
});

test('what nobody came for is forgotten when the blocks are booked', async () => {
  const foreseen = new ForeseenAnswers();
  foreseen.add(METHOD, [['a']], undefined, Promise.resolve(['foreseen']));
  foreseen.forget();
  const { ask } = asking();
  expect(await foreseen.take(METHOD, [['a']], undefined, ask)).toEqual(['asked for a']);
});
