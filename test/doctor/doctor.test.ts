import { access } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { FINDING_KINDS } from '../../src/doctor/registry.js';
import { without } from '../support/nodes/frameDialects.js';
import { oddNode } from '../support/nodes/testNode.js';
import { runVerbHere } from '../support/programs/verbHere.js';
import { temporaryFolder } from '../support/temporaryFolder.js';
import { configOf, examine, keepYoung, type SetUp, startSetUp, type Trouble } from './scene.js';
import { BOOKS_TROUBLES } from './troubles/booksTroubles.js';
import { DATABASE_TROUBLES } from './troubles/databaseTroubles.js';
import { ENDPOINT_TROUBLES } from './troubles/endpointTroubles.js';
import { API_KEY, OTHER_TROUBLES } from './troubles/otherTroubles.js';

const TROUBLES: readonly Trouble[] = [
  ...ENDPOINT_TROUBLES,
  ...DATABASE_TROUBLES,
  ...BOOKS_TROUBLES,
  ...OTHER_TROUBLES,
];
/** Shown by test/doctor/checks.test.ts: a whole set-up would show other findings too. */
const ALONE = [
  'CACHE_DISK_LOW',
  'CHECK_FAILED',
  'CHECK_TIMED_OUT',
  'DATABASE_CLOCK',
  'DATABASE_ENCODING',
];

let setUp: SetUp;

beforeAll(async () => {
  setUp = await startSetUp();
});

/** The verb with the config of the set-up. */
async function runDoctor(args: readonly string[], rpc: readonly string[] = [setUp.chain.url]) {
  await keepYoung(setUp.chain);
  const config = await configOf(setUp, { rpc });
  const words = ['doctor', '--config', config, '--api', setUp.apiUrl, ...args];
  return runVerbHere(words, { DATABASE_URL: setUp.databaseUrl });
}

it('nothing is found in a healthy set-up, and the verb ends with 0', async () => {
  const { stdout, stderr, exitCode } = await runDoctor([]);
  expect(stdout).toMatch(/^\d\d checks in \d+\.\d s: nothing to change\n$/);
  expect(stderr).toBe('');
  expect(exitCode).toBe(0);
});

it('nothing is found with an endpoint by WebSocket', async () => {
  const { findings } = await examine(setUp, { rpc: [setUp.chain.url.replace('http', 'ws')] });
  expect(findings).toEqual([]);
});

it.each(TROUBLES)('$name brings $code and nothing else', async ({ code, arrange }) => {
  const { findings } = await examine(setUp, await arrange(setUp));
  expect(findings.map((finding) => finding.code)).toEqual([code]);
  const [finding] = findings;
  expect(finding?.found).not.toBe('');
  expect(finding?.remedy).toMatch(/\.$/);
});

it('every code is shown by a test', () => {
  const codes = Object.values(FINDING_KINDS).flatMap((kinds) => Object.keys(kinds));
  const shown = new Set([...TROUBLES.map(({ code }) => code), ...ALONE]);
  expect(codes.toSorted()).toEqual([...shown].toSorted());
});

it('the doctor makes no database where none is', async () => {
  const folder = `${await temporaryFolder()}/none`;
  await examine(setUp, { env: { IMO_LEDGER_DATA: folder } });
  await expect(access(folder)).rejects.toThrow('ENOENT');
});

describe('the exit code', () => {
  it('is 1 for an error, and --json shows it in one object', async () => {
    const { url } = await oddNode(
      setUp.chain.url,
      without('trace_block', 'debug_traceBlockByHash'),
    );
    const { stdout, exitCode } = await runDoctor(['--json'], [url]);
    expect(exitCode).toBe(1);
    const { seconds, checks, ...rest } = JSON.parse(stdout);
    expect(seconds).toBeLessThan(60);
    expect(checks).toContainEqual(
      expect.objectContaining({ check: 'traces', findings: ['NODE_NO_TRACES'] }),
    );
    expect(rest).toEqual({
      version: expect.any(String),
      errors: 1,
      warnings: 0,
      notes: 0,
      findings: [
        {
          code: 'NODE_NO_TRACES',
          severity: 'error',
          about: `devnet ${url}`,
          found: `${url} serves neither trace_block nor debug_traceBlockByHash`,
          remedy: expect.stringContaining('Use an endpoint with one of the two methods'),
          docs: 'docs/doctor.md#codes',
        },
      ],
    });
  });

  it('is 0 for a warning, and 1 with --strict', async () => {
    const { url } = await oddNode(setUp.chain.url, without('eth_getProof'));
    const usual = await runDoctor([], [url]);
    expect(usual.stdout).toContain(`warning NODE_NO_PROOFS devnet ${url}: it answers`);
    expect(usual.stdout).toMatch(/\n {2}do: .*\n {2}docs: .*\n\d+ checks in .* s: 1 warning\n$/);
    expect(usual.exitCode).toBe(0);
    expect((await runDoctor(['--strict'], [url])).exitCode).toBe(1);
  });

  it('is 0 for a note, even with --strict', async () => {
    const { url } = await oddNode(setUp.chain.url, without('eth_getBlockReceipts'));
    const { stdout, exitCode } = await runDoctor(['--strict'], [url]);
    expect(stdout).toContain('note NODE_NO_BLOCK_RECEIPTS');
    expect(exitCode).toBe(0);
  });
});

it('no secret appears, whatever is found', async () => {
  const refusal = { code: -32000, message: `invalid project ${API_KEY}, see your plan` };
  const { url } = await oddNode(setUp.chain.url, async () => ({ error: refusal }));
  const { stdout, stderr } = await runDoctor(
    ['--json'],
    [`${url}/v3/${API_KEY}`, `http://user:${API_KEY}@127.0.0.1:1/?apikey=${API_KEY}`],
  );
  const codes: string[] = JSON.parse(stdout).findings.map(({ code }: { code: string }) => code);
  expect(new Set(codes)).toEqual(new Set(['NODE_REFUSES', 'NODE_UNREACHABLE', 'SECRET_IN_FILE']));
  expect(stdout + stderr).not.toContain(API_KEY);
  expect(stdout + stderr).not.toContain(new URL(setUp.databaseUrl).password);
});
