import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { compiled } from '../support/programs/compiled.js';

test('bench:scale measures partitions, groups and servers (slopes take more chains: npm run bench:scale)', async () => {
  const bench = [compiled('bench/scale.js'), '--short', '--only', 'partitions,groups,servers'];
  const { stdout } = await promisify(execFile)(process.execPath, bench);
  expect(stdout).toMatch(/^\| 2 +(\| +[\d.]+ ){9}\|$/m);
  expect(stdout).toMatch(/^\| 2 +\| +[\d.]+ +\| +1\.00 (\| +[\d.]+ ){2}\|$/m);
  expect(stdout).toMatch(/^\| one holder.*2 API servers, one reads a replica (\| +[\d.]+ ){4}\|$/m);
});
