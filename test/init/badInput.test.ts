import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { createActors } from '../../devnet/actors.js';
import { type DeployedContract, deployOtherToken, deployWindowed } from '../../devnet/deploy.js';
import { openManifest, writeManifest } from '../../src/init/manifest/file.js';
import { type Anvil, startAnvil } from '../support/nodes/anvil.js';
import { proxyWithout } from '../support/nodes/rpcProxy.js';
import { runVerbHere } from '../support/programs/verbHere.js';
import { temporaryFolder } from '../support/temporaryFolder.js';

let chain: Anvil;
let token: DeployedContract;
let plain: DeployedContract;
let founder: string;
let withoutTraces: string;
let existing: string;

beforeAll(async () => {
  chain = await startAnvil();
  [founder = ''] = await createActors(chain, 'bad input of init', 1);
  const names = { from: founder, name: 'Model', symbol: 'MDL', supply: 1_000n };
  const terms = { ...names, percentClaimable: 80, snapshotInterval: 60 };
  token = await deployWindowed(chain, 'RevShareWindowedSeconds', terms);
  plain = await deployOtherToken(chain, 'PlainToken', names);
  withoutTraces = await proxyWithout(chain.url, ['trace_block', 'debug_traceBlockByHash']);
  existing = `chains:
  - id: 31337
    rpc: ${chain.url} # of this machine
    tokens:
      - address: "${token.address}"
`;
});

interface Case {
  readonly code: string;
  readonly names?: () => readonly string[];
  /** In place of the endpoint of the chain. */
  readonly rpc?: () => readonly string[];
  /** In the file before; `null`: there is none. */
  readonly file?: () => string | null;
  readonly message?: string;
}

const CHECKSUM = '0xe5018913F2fdf33971864804dDB5fcA25C539032';

const CASES: Readonly<Record<string, Case>> = {
  'no name at all': { code: 'INIT_NOTHING_NAMED', names: () => [] },
  'a name of no deployment': {
    code: 'INIT_UNKNOWN_NAME',
    names: () => ['olmm'],
    message: 'Did you mean "olm"?',
  },
  'an address that is too short': {
    code: 'INIT_BAD_ADDRESS',
    names: () => [CHECKSUM.slice(0, -1)],
  },
  'an address with a mistyped digit': {
    code: 'INIT_BAD_CHECKSUM',
    names: () => [CHECKSUM.replace('dDB5', 'ddB5')],
  },
  'an address without code': { code: 'INIT_NO_CODE', names: () => [founder] },
  'one good address and one without code': {
    code: 'INIT_NO_CODE',
    names: () => [token.address, founder],
  },
  'an ERC-20 that shares no revenue': {
    code: 'INIT_NO_REVENUE',
    names: () => [plain.address],
    message: 'shares no revenue: it lacks redeemableOnBurn(uint256)',
  },
  'a preset on the wrong chain': {
    code: 'INIT_PRESET_CHAIN',
    names: () => ['olm'],
    message: 'serves chain 31337, but olm (OLM, the OpenLM RevShare Token',
  },
  'an endpoint of another chain than --chain': {
    code: 'INIT_OTHER_CHAIN',
    rpc: () => ['--rpc', chain.url, '--chain', '1'],
  },
  'no endpoint': { code: 'INIT_RPC_MISSING', rpc: () => [] },
  'an endpoint that is no URL': {
    code: 'INIT_BAD_URL',
    rpc: () => ['--rpc', 'localhost:8545/secret-key'],
  },
  'a variable that is not set': {
    code: 'INIT_VARIABLE_MISSING',
    rpc: () => ['--rpc', '$' + '{RPC_NOBODY_SETS}'],
  },
  'an endpoint that does not answer': {
    code: 'RPC_UNREACHABLE',
    rpc: () => ['--rpc', 'http://127.0.0.1:1/secret-key'],
  },
  'an endpoint without traces': {
    code: 'RPC_NO_TRACES',
    rpc: () => ['--rpc', withoutTraces],
  },
  'a Portal that is none': {
    code: 'INIT_PORTAL_UNREACHABLE',
    rpc: () => ['--rpc', chain.url, '--portal', `${chain.url}/secret-key`],
  },
  'a file that is no YAML': {
    code: 'CONFIG_MALFORMED_YAML',
    file: () => 'chains: [\n  - id: 1 # mine\n',
  },
  'a file that is no config': { code: 'CONFIG_UNKNOWN_KEY', file: () => `${existing}tokens: []\n` },
  'an address that is there already': { code: 'INIT_ALREADY_THERE', file: () => existing },
};

test.each(Object.entries(CASES))('init refuses %s, and changes nothing', async (_, of) => {
  const folder = await temporaryFolder();
  const path = join(folder, 'imo.yaml');
  const before = of.file?.() ?? null;
  if (before !== null) await writeFile(path, before);
  const { names = () => [token.address], rpc = () => ['--rpc', chain.url] } = of;
  const { exitCode, stderr, stdout } = await runVerbHere([
    ...['init', ...names(), ...rpc(), '--config', path, '--no-estimate'],
  ]);
  expect(stderr).toContain(`error ${of.code}: `);
  expect(stderr).toContain(of.message ?? '\nhint: ');
  expect(stdout + stderr).not.toContain('secret-key');
  expect(exitCode).toBe(1);
  expect(await readdir(folder)).toEqual(before === null ? [] : ['imo.yaml']);
  if (before !== null) expect(await readFile(path, 'utf8')).toBe(before);
});

test('init refuses a file that is a folder, and one in a folder that is missing', async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'imo.yaml'));
  await expect(openManifest(join(folder, 'imo.yaml'), {})).rejects.toMatchObject({
    code: 'INIT_UNREADABLE',
  });
  await expect(openManifest(join(folder, 'none', 'imo.yaml'), {})).rejects.toMatchObject({
    code: 'INIT_NOT_WRITABLE',
  });
  await writeFile(join(folder, 'file'), '');
  await expect(openManifest(join(folder, 'file', 'imo.yaml'), {})).rejects.toMatchObject({
    code: 'INIT_NOT_WRITABLE',
  });
});

test('init does not overwrite what somebody wrote meanwhile', async () => {
  const path = join(await temporaryFolder(), 'imo.yaml');
  const missing = await openManifest(path, {});
  await writeFile(path, existing);
  await expect(writeManifest(missing, 'mine')).rejects.toMatchObject({ code: 'INIT_FILE_CHANGED' });
  const there = await openManifest(path, {});
  await writeFile(path, `${existing}# theirs\n`);
  await expect(writeManifest(there, 'mine')).rejects.toMatchObject({ code: 'INIT_FILE_CHANGED' });
  expect(await readFile(path, 'utf8')).toBe(`${existing}# theirs\n`);
});
