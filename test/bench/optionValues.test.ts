import { expect, test } from 'vitest';
import { parseOptions as headOptions } from '../../bench/head/options.js';
import { parseOptions } from '../../bench/offering/options.js';
import { finderNamed, namesOf, wholeNumber } from '../../bench/optionValues.js';

test.each(['--gap=x', '--gap=-1', '--gap=', '--latency=0,x', '--trace-ms=1.5', '--finder=x'])(
  'bench:offering refuses %s',
  (option) => {
    expect(() => parseOptions([option])).toThrow(
      expect.objectContaining({ code: 'BENCH_OPTION_INVALID' }),
    );
  },
);

test.each(['--only=x', '--blocks=0', '--poll-ms=x'])('bench:head refuses %s', (option) => {
  expect(() => headOptions([option])).toThrow(
    expect.objectContaining({ code: 'BENCH_OPTION_INVALID' }),
  );
});

test('a bench takes whole numbers and finders as they are written', () => {
  expect(wholeNumber('gap', '0', 0)).toBe(0);
  expect(finderNamed('state')).toBe('state');
  expect(namesOf('only', 'views,names', ['names', 'views'])).toEqual(['views', 'names']);
  expect(() => namesOf('only', 'views,x', ['names', 'views'])).toThrow('names out of names,views');
  expect(parseOptions(['--gap=0', '--latency=0,100'])).toMatchObject({
    gap: 0,
    latenciesMs: [0, 100],
    finder: 'ranges',
  });
});
