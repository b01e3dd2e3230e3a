import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { compiled } from '../support/programs/compiled.js';

test('bench:hurt indexes a small block of a scene in a separate process and measures it', async () => {
  const options = ['--size', '20', '--only', 'names', '--once'];
  const bench = [compiled('bench/hurt.js'), ...options];
  const { stdout } = await promisify(execFile)(process.execPath, bench);
  expect(stdout).toMatch(/^names 20: [\d.]+ s, [\d.]+ s CPU, \d+ MB$/m);
});

test.each(['hurt --size=x', 'forget --transfers=x', 'joining --transfers='])(
  'bench:%s is refused before anything starts',
  async (line) => {
    const [name, option = ''] = line.split(' ');
    const started = promisify(execFile)(process.execPath, [compiled(`bench/${name}.js`), option]);
    await expect(started).rejects.toMatchObject({
      stdout: '',
      stderr: expect.stringContaining('BENCH_OPTION_INVALID'),
    });
  },
);
