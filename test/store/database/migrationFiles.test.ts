import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';

const FILE = /^(\d{13})-([A-Z]\w*)\.js$/;
/**
 * Migrations run in the order of their timestamps; those that share one run in the order that their
 * files are found in. These three change different tables, and databases have had them already.
 */
const SHARED = '1764970000000';
const SHARERS = ['SourceRanges', 'TokenTerms', 'UntracedCause'];

const files = readdirSync('db/migrations');
const parts = files.map((file) => ({ file, match: FILE.exec(file) }));

test('each migration is a file named by its timestamp and its class', async () => {
  expect(parts.filter(({ match }) => match === null)).toEqual([]);
  for (const { file, match } of parts) {
    const [, timestamp = '', word = ''] = match ?? [];
    const name = `${word}${timestamp}`;
    const module = await import(`../../../db/migrations/${timestamp}-${word}.js`);
    expect(Object.keys(module), file).toEqual([name]);
    expect(new module[name]().name).toBe(name);
  }
});

test('no two migrations share a timestamp, except for three old ones', () => {
  const timestamps = parts.map(({ match }) => match?.[1]);
  const repeated = timestamps.filter((timestamp, index) => timestamps.indexOf(timestamp) < index);
  expect([...new Set(repeated)]).toEqual([SHARED]);
  const sharers = parts.filter(({ match }) => match?.[1] === SHARED);
  expect(sharers.map(({ match }) => match?.[2])).toEqual(SHARERS);
});
