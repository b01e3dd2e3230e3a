import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mineBlocks } from '../../devnet/chain.js';
import type { RunningApi } from '../../src/api/server.js';
import { proveFinalBlocks } from '../../src/processor/run/proofs.js';
import { startTestApi } from '../api/support.js';
import { freshDatabase, query } from '../support/databases/postgres.js';
import { runCli } from '../support/programs/cli.js';
import { indexTo } from '../support/programs/indexer.js';
import { runVerbHere } from '../support/programs/verbHere.js';
import { writeConfig } from '../support/programs/writeConfig.js';
import { Scene } from '../support/scenes/scene.js';
import { temporaryFolder } from '../support/temporaryFolder.js';

let scene: Scene;
let config: string;
/** Block of the receipt of 1000 wei. */
let paidIn: number;

beforeAll(async () => {
  scene = await Scene.start();
  const { chain, token, founder, friend } = scene;
  await scene.call(founder, 'transfer', [friend, 400n]);
  paidIn = Number((await scene.pay(1000n)).blockNumber);
  await scene.snapshot();
  await scene.call(friend, 'claim', [1n]);
  await mineBlocks(chain, 20);
  config = await writeConfig(
    `chains: [{id: ${chain.chainId}, rpc: '${chain.url}', finality: 10,
      tokens: [{address: '${token.address}'}]}]`,
  );
});

async function indexed(toBlock?: number): Promise<string> {
  const { chain, token } = scene;
  const databaseUrl = await freshDatabase();
  await indexTo({ chain, databaseUrl, tokens: [token.address] }, toBlock);
  return databaseUrl;
}

const prove = (databaseUrl: string) =>
  proveFinalBlocks(databaseUrl, scene.chain.chainId, new AbortController().signal);

/** The indexer may have hashed some of it already. */
async function forgetHashes(databaseUrl: string): Promise<void> {
  await query(databaseUrl, 'DELETE FROM ledger_hash');
  await query(databaseUrl, 'DELETE FROM hash_cursor');
}

const TAMPER = `UPDATE receipt SET amount_wei = 999 WHERE amount_wei = 1000`;

describe('compare', () => {
  let good: RunningApi;
  let bad: RunningApi;

  beforeAll(async () => {
    const [ours, theirs] = [await indexed(), await indexed()];
    await prove(ours);
    await query(theirs, TAMPER);
    await forgetHashes(theirs);
    await prove(theirs);
    good = await startTestApi(ours);
    bad = await startTestApi(theirs);
  });

  afterAll(async () => {
    await Promise.all([good.close(), bad.close()]);
  });

  const compare = (databaseUrl: string, url: string, ...more: string[]) =>
    runVerbHere(['compare', url, '--config', config, ...more], { DATABASE_URL: databaseUrl });

  test('ends with 0 where both are equal as far as both go', async () => {
    const behind = await indexed(paidIn + 11);
    const point = await prove(behind);
    const { exitCode, stdout } = await compare(behind, good.url);
    expect(stdout).toBe(
      `chain ${scene.chain.chainId}: equal up to block ${point?.height}, ledger hash ${point?.hash}\n`,
    );
    expect(exitCode).toBe(0);
  });

  test('finds the block in which the other side booked something else, and shows both', async () => {
    const ours = await indexed();
    await prove(ours);
    const { exitCode, stdout } = await compare(ours, bad.url);
    expect(stdout).toContain(`the first difference is in block ${paidIn}\n`);
    const [{ hash } = { hash: Buffer.alloc(0) }] = await query<{ hash: Buffer }>(
      ours,
      'SELECT hash FROM ledger_hash WHERE block_number = $1',
      [paidIn],
    );
    expect(stdout).toContain(`  here             0x${hash.toString('hex')}\n`);
    expect(stdout).toMatch(/^receipt .* native .*1 rows 0x.*1 rows 0x/m);
    expect(stdout).not.toMatch(/^journal_entry/m);
    expect(exitCode).toBe(1);
  });

  test('finds one of our rows that was changed after it was hashed', async () => {
    const ours = await indexed();
    await prove(ours);
    await query(ours, TAMPER);
    const { exitCode, stdout } = await compare(ours, good.url);
    expect(stdout).toContain(
      `our own rows of block ${paidIn} were changed after they were hashed\n`,
    );
    expect(stdout).toMatch(/^receipt .* native /m);
    expect(exitCode).toBe(1);
    expect((await compare(ours, good.url, '--stored')).exitCode).toBe(0);
  });

  test.each([
    ['COMPARE_URL_INVALID', 'nowhere'],
    ['COMPARE_UNREACHABLE', 'http://127.0.0.1:1/graphql'],
  ])('says %s', async (code, url) => {
    const { exitCode, stderr } = await compare(await indexed(), url);
    expect(stderr).toContain(`error ${code}:`);
    expect(stderr).toContain('hint: ');
    expect(exitCode).toBe(1);
  });

  test('names the side that has nothing to compare', async () => {
    const ours = await indexed();
    await forgetHashes(ours);
    const { stderr } = await compare(ours, good.url);
    expect(stderr).toContain('error COMPARE_NOTHING: no block');
    expect(stderr).toContain('is hashed here');
  });
});

test('prove hashes what is final, and status shows it', async () => {
  const databaseUrl = await indexed();
  const env = { DATABASE_URL: databaseUrl };
  const proved = await runCli(['prove', '--config', config], { env });
  const [, hash] = /hashed up to block [\d,]+, ledger hash (0x[0-9a-f]{64})\n$/.exec(
    proved.stdout,
  ) ?? ['', 'no hash'];
  const status = await runVerbHere(['status', '--json', '--config', config], env);
  const [chain] = JSON.parse(status.stdout);
  expect(chain.ledgerHash).toEqual({ block: chain.finalizedBlock, hash });
  const table = await runVerbHere(['status', '--config', config], env);
  expect(table.stdout).toContain(hash);
});

test('verify checks an export against the committed root', async () => {
  const databaseUrl = await indexed();
  await prove(databaseUrl);
  const [commitment] = await query<{ root: Buffer }>(
    databaseUrl,
    'SELECT root FROM snapshot_commitment',
  );
  const root = `0x${commitment?.root.toString('hex')}`;
  const verify = async (amount: string) => {
    const file = join(await temporaryFolder(), 'shares.csv');
    const { founder, friend, payer } = scene;
    await writeFile(
      file,
      `rank,holder,amount\n1,"${friend}",${amount}\r\n2,${founder},480\n3,${payer},0\n`,
    );
    return runVerbHere(['verify', file, '--root', root]);
  };
  expect(await verify('320')).toEqual({
    exitCode: 0,
    stdout: `equal: 2 shares, root ${root}\n`,
    stderr: '',
  });
  const changed = await verify('321');
  expect(changed.exitCode).toBe(1);
  expect(changed.stdout).toMatch(/^DIFFERENT: 2 shares, root 0x/);
  const env = { DATABASE_URL: databaseUrl };
  for (const format of ['csv', 'jsonl', 'parquet']) {
    const exported = join(await temporaryFolder(), `entitlements.${format}`);
    const asked = ['entitlements', '--snapshot', '1', '--format', format, '--out', exported];
    expect(await runVerbHere(['export', ...asked], env)).toMatchObject({ exitCode: 0 });
    const checked = await runVerbHere(['verify', exported, '--root', root, '--config', 'imo.yaml']);
    const stdout = `equal: 2 shares, root ${root}\n`;
    expect({ format, ...checked }).toEqual({ format, exitCode: 0, stdout, stderr: '' });
  }
  const other = join(await temporaryFolder(), 'other.csv');
  const line = `1,${scene.friend},320`;
  await writeFile(other, `snapshot_id,holder,share\n${line}\n2,${scene.founder},480\n`);
  expect((await runVerbHere(['verify', other, '--root', root])).stderr).toContain(
    'error VERIFY_SEVERAL_LISTS: line 3 of',
  );
  const broken = await verify('lots');
  expect(broken.stderr).toContain('error VERIFY_BAD_LINE: line 2 of');
  const missing = await runVerbHere(['verify', '/nowhere.csv', '--root', root]);
  expect(missing.stderr).toContain('error VERIFY_FILE_UNREADABLE: /nowhere.csv');
});
