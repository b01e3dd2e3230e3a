import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { listPacks, writePack } from '../../src/chain/source/cache/packFile.js';
import { runVerbHere } from '../support/programs/verbHere.js';
import { temporaryFolder } from '../support/temporaryFolder.js';

const TOKEN = `0x${'a'.repeat(40)}`;

let folder: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  const entries = [10, 20, 30].map((block) => ({
    key: `k${block}`,
    subject: block === 30 ? 'blocks' : TOKEN,
    block,
    value: Buffer.from(JSON.stringify({ result: `0x${block}` })),
  }));
  const anchor = { number: 30, hash: `0x${'1'.repeat(64)}` };
  const name = { kind: 'answers' as const, from: 10, to: 30, lineage: '0a0b0c0d', anchor };
  await writePack(join(folder, '7'), name, entries);
});

const cache = (...args: string[]) => runVerbHere(['cache', ...args, '--folder', folder]);

test('cache list shows what is kept, by chain and contract', async () => {
  const { stdout, exitCode } = await cache('list');
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(new RegExp(`^7 +${TOKEN} +10-20 +2 `, 'm'));
  expect(stdout).toMatch(/^7 +blocks +30-30 +1 /m);
  expect((await cache('list', '--chain', '8')).stdout).toContain('0 files');
});

test('cache verify names a file whose contents are not what was written', async () => {
  expect((await cache('verify')).stdout).toContain('all checksums agree');
  const [file] = await listPacks(join(folder, '7'));
  const bytes = await readFile(file?.path ?? '');
  bytes[12] = (bytes[12] ?? 0) ^ 1;
  await writeFile(file?.path ?? '', bytes);
  const { stdout, exitCode } = await cache('verify');
  expect(exitCode).toBe(1);
  expect(stdout).toContain('checksum of a part differs');
});

test('cache prune removes what was not used for so long, or all of it', async () => {
  expect((await cache('prune', '--older-than', '1')).stdout).toContain('0 files');
  expect((await cache('prune')).stdout).toContain('1 files');
  expect((await cache('list')).stdout).toContain('0 files');
});

test('a packed cache is the same when it is unpacked elsewhere', async () => {
  const packed = join(await temporaryFolder(), 'cache.imo');
  expect((await cache('pack', packed)).exitCode).toBe(0);
  const elsewhere = await temporaryFolder();
  await runVerbHere(['cache', 'unpack', packed, '--folder', elsewhere]);
  const [before] = await listPacks(join(folder, '7'));
  const [after] = await listPacks(join(elsewhere, '7'));
  expect(await readFile(after?.path ?? '')).toEqual(await readFile(before?.path ?? ''));
});

test('a file that is not a packed cache, or was changed, is refused', async () => {
  const packed = join(await temporaryFolder(), 'cache.imo');
  await cache('pack', packed);
  const good = await readFile(packed);
  const cases: [string, Buffer][] = [
    ['something else', Buffer.from('PK and so on')],
    ['cut off', good.subarray(0, -10)],
    [
      'another path',
      Buffer.from(good.toString('latin1').replace('answers-', '../swers-'), 'latin1'),
    ],
    [
      'a changed byte',
      Buffer.from(good.map((byte, at) => (at === good.length - 20 ? byte ^ 1 : byte))),
    ],
  ];
  for (const [what, bytes] of cases) {
    await writeFile(packed, bytes);
    const { exitCode, stderr } = await cache('unpack', packed);
    expect(exitCode, what).toBe(1);
    expect(stderr, what).toContain('error CACHE_NOT_PACKED');
  }
});
