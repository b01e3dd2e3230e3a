import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { encodeCall } from '../../devnet/deploy.js';
import { type AuditState, saveState } from '../../src/audit/state.js';
import { query } from '../support/databases/postgres.js';
import { AuditScene, liveThrough, placeMulticall } from '../support/scenes/auditScene.js';
import { Scene } from '../support/scenes/scene.js';
import { auditHere } from './support.js';

/** More than two pages of 250. */
const HOLDERS = 612;
const TOTALS = 12;
const PER_HOLDER = 4;

let scene: Scene;
let desk: AuditScene;

beforeAll(async () => {
  scene = await Scene.start();
  await liveThrough(scene);
  await placeMulticall(scene.chain, scene.founder);
  for (let start = 0; start < HOLDERS - 2; start += 305) {
    await scene.inOneBlock(
      Array.from({ length: 305 }, (_, index) => ({
        from: scene.founder,
        to: scene.token.address,
        data: encodeCall(scene.token, 'transfer', [holder(start + index), 1n]),
        gas: 250_000n,
      })),
    );
  }
  desk = await AuditScene.open(scene.chain, [scene.token.address]);
  // Mismatches on every page, so that what was found before an interruption must be kept.
  await query(
    desk.databaseUrl,
    `UPDATE balance_checkpoint SET balance = balance + 1 WHERE get_byte(account, 19) % 64 = 0`,
  );
});

function holder(index: number): string {
  return `0x${(0x10_0000 + 7919 * index).toString(16).padStart(40, '0')}`;
}

/** Ends after `parts` parts; what was saved last is the state of a process that was killed. */
async function interruptedAfter(parts: number): Promise<AuditState> {
  let saved: AuditState | undefined;
  let done = 0;
  const { chain } = scene;
  const { databaseUrl } = desk;
  const onPart = (state: AuditState, stop: () => void) => {
    saved = state;
    done++;
    if (done === parts) stop();
  };
  await expect(auditHere({ chain, databaseUrl, onPart })).rejects.toMatchObject({
    code: 'AUDIT_INTERRUPTED',
    hint: expect.stringContaining('--resume'),
  });
  if (saved === undefined) throw new Error('nothing was saved');
  return saved;
}

test('an audit in pages asks about every holder once', async () => {
  const verdict = await desk.verdict();
  expect(verdict).toMatchObject({
    accounts: HOLDERS,
    figures: TOTALS + HOLDERS * PER_HOLDER,
    exitCode: 1,
  });
  const asked = verdict.details.flatMap(({ account }) => (account === null ? [] : [account]));
  expect(new Set(asked).size).toBe(asked.length);
  expect(asked.length).toBeGreaterThan(5);
});

test('an interrupted audit continues to the same verdict, from any place', async () => {
  const whole = await auditHere({ chain: scene.chain, databaseUrl: desk.databaseUrl });
  for (const parts of [1, 2, 3]) {
    const from = await interruptedAfter(parts);
    expect(from.figures).toBeLessThan(whole.figures);
    const resumed = await auditHere({ chain: scene.chain, databaseUrl: desk.databaseUrl, from });
    expect(resumed).toEqual(whole);
  }
});

test('--resume takes the state from its file, and the file is gone at the end', async () => {
  const from = await interruptedAfter(2);
  const path = join(desk.stateFolder, `audit-${scene.chain.chainId}.json`);
  await saveState(path, from);

  const other = await desk.run(['--resume', '--holders', 'sample', '5']);
  expect(other.stderr).toContain('error AUDIT_NOT_THE_SAME');
  expect(await readdir(desk.stateFolder)).toHaveLength(1);

  const resumed = await desk.verdict(['--resume', '--holders', 'all']);
  expect(await readdir(desk.stateFolder)).toEqual([]);
  const whole = await desk.verdict();
  expect({ ...resumed, seconds: 0 }).toEqual({ ...whole, seconds: 0 });
  expect(resumed.details.some(({ operations }) => operations.length > 0)).toBe(true);
});

test('a file that is not a state of an audit is refused', async () => {
  const path = join(desk.stateFolder, `audit-${scene.chain.chainId}.json`);
  await saveState(path, await interruptedAfter(1));
  await writeFile(path, (await readFile(path, 'utf8')).slice(0, 50));
  const { exitCode, stderr } = await desk.run(['--resume']);
  expect(stderr).toMatch(/^error AUDIT_BAD_STATE: .*\nhint: Remove the file/);
  expect(exitCode).toBe(1);
});
