import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { PROJECT_ROOT } from '../../src/projectRoot.js';
import { compiled } from '../support/programs/compiled.js';

const HOLDERS = 1_200;

test('bench:series fills the books of two years and measures every series by day', async () => {
  const folder = join(PROJECT_ROOT, 'bench', '.cache', `series-${HOLDERS}`);
  await rm(folder, { recursive: true, force: true });
  const options = ['--holders', String(HOLDERS), '--runs', '1'];
  const { stdout } = await promisify(execFile)(process.execPath, [
    compiled('bench/series.js'),
    ...options,
  ]);
  expect(stdout).toMatch(/^days kept in \d+ pieces/m);
  for (const title of ['holders and supply', 'transfers by kind', 'rank of a holder']) {
    expect(stdout).toMatch(new RegExp(`^\\| ${title}( +\\| +\\d+){6} \\|$`, 'm'));
  }
  await rm(folder, { recursive: true, force: true });
});
