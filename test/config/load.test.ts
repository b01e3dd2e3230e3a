import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfig, parseConfig } from '../../src/config/load.js';
import { PROJECT_ROOT } from '../../src/projectRoot.js';
import { temporaryFolder } from '../support/temporaryFolder.js';

const OLM = '0xe5018913F2fdf33971864804dDB5fcA25C539032';

interface BadInput {
  readonly name: string;
  readonly yaml: string;
  readonly code: string;
  /** Path, value and reason, in any order. */
  readonly says: readonly string[];
  readonly hint: string;
}

/** A file that is right but for the lines that a test replaces. */
function yaml(changes: { chain?: string; token?: string; more?: string } = {}): string {
  const chain = changes.chain ?? 'id: 1\n    rpc: http://localhost:8545';
  const token = changes.token ?? `address: '${OLM}'`;
  return `chains:\n  - ${chain}\n    tokens:\n      - ${token}\n${changes.more ?? ''}`;
}

/** How a file names an environment variable. */
function variable(name: string): string {
  return `\${${name}}`;
}

const BAD_INPUTS: readonly BadInput[] = [
  {
    name: 'an empty file',
    yaml: '',
    code: 'CONFIG_INVALID',
    says: ['the file is empty'],
    hint: 'chains:',
  },
  {
    name: 'a list in place of keys',
    yaml: '- id: 1',
    code: 'CONFIG_INVALID',
    says: ['is not a map of keys and values'],
    hint: 'chains:',
  },
  {
    name: 'no chain',
    yaml: 'chains: []',
    code: 'CONFIG_INVALID',
    says: ['chains (line 1)', 'the list is empty'],
    hint: '- id: 1',
  },
  {
    name: 'a chain without a contract',
    yaml: 'chains: [{id: 1, rpc: "http://localhost:8545", tokens: []}]',
    code: 'CONFIG_INVALID',
    says: ['chains[0] (line 1)', 'no contract to index'],
    hint: '- address: 0x',
  },
  {
    name: 'a missing key',
    yaml: yaml({ chain: 'rpc: http://localhost:8545' }),
    code: 'CONFIG_INVALID',
    says: ['chains[0].id (line 2)', 'is missing'],
    hint: 'EIP-155 chain id',
  },
  {
    name: 'a misspelled key of the audit',
    yaml: yaml({ chain: 'id: 1\n    rpc: http://localhost:8545\n    audit: {holderPerBlock: 3}' }),
    code: 'CONFIG_UNKNOWN_KEY',
    says: ['chains[0].audit.holderPerBlock (line 4)'],
    hint: 'Did you mean "holdersPerBlock"?',
  },
  {
    name: 'an audit that is neither settings nor false',
    yaml: yaml({ chain: 'id: 1\n    rpc: http://localhost:8545\n    audit: often' }),
    code: 'CONFIG_INVALID',
    says: ['chains[0].audit (line 4)', '"often"'],
    hint: 'audit: false',
  },
  {
    name: 'a chain id that is text',
    yaml: yaml({ chain: 'id: one\n    rpc: http://localhost:8545' }),
    code: 'CONFIG_INVALID',
    says: ['chains[0].id (line 2)', '"one" is not a number'],
    hint: 'EIP-155 chain id',
  },
  {
    name: 'a negative start block',
    yaml: yaml({ token: `address: '${OLM}'\n        startBlock: -5` }),
    code: 'CONFIG_INVALID',
    says: ['chains[0].tokens[0].startBlock (line 6)', '-5 is less than 0'],
    hint: 'not after the deployment',
  },
  {
    name: 'a fraction of a block',
    yaml: yaml({ chain: 'id: 1\n    finality: 7.5\n    rpc: http://localhost:8545' }),
    code: 'CONFIG_INVALID',
    says: ['chains[0].finality (line 3)', '7.5 is not a whole number'],
    hint: 'finality: 75',
  },
  {
    name: 'a misspelled key of a chain',
    yaml: yaml({ chain: 'id: 1\n    start_blok: 5\n    rpc: http://localhost:8545' }),
    code: 'CONFIG_UNKNOWN_KEY',
    says: ['chains[0].start_blok (line 3)', 'the key "start_blok" is not known'],
    hint: 'Did you mean "startBlock"?',
  },
  {
    name: 'a key by the name it has elsewhere',
    yaml: yaml({ chain: 'id: 1\n    rpc: http://localhost:8545\n    gatewayUrl: http://g' }),
    code: 'CONFIG_UNKNOWN_KEY',
    says: ['chains[0].gatewayUrl (line 4)'],
    hint: 'Did you mean "gateway"?',
  },
  {
    name: 'a key that resembles none',
    yaml: yaml({ more: 'database: postgres\n' }),
    code: 'CONFIG_UNKNOWN_KEY',
    says: ['database (line 6)'],
    hint: 'Known keys: chains, api.',
  },
  {
    name: 'an address that is too short',
    yaml: yaml({ token: 'address: 0xe5018913' }),
    code: 'CONFIG_BAD_ADDRESS',
    says: ['chains[0].tokens[0].address (line 5)', '0xe5018913', '8 hex digits in place of 40'],
    hint: 'block explorer',
  },
  {
    name: 'an address with a letter that is no digit',
    yaml: yaml({ token: `address: '${OLM.replace('F2', 'G2')}'` }),
    code: 'CONFIG_BAD_ADDRESS',
    says: ['chains[0].tokens[0].address', 'other characters than hex digits'],
    hint: 'block explorer',
  },
  {
    name: 'an address with one wrong digit, told by its checksum',
    yaml: yaml({ token: `address: '${OLM.replace('9032', '9033')}'` }),
    code: 'CONFIG_BAD_ADDRESS',
    says: ['chains[0].tokens[0].address', OLM.replace('9032', '9033'), 'wrong checksum'],
    hint: 'If every digit is right',
  },
  {
    name: 'a policy that does not exist',
    yaml: yaml({ token: `address: '${OLM}'\n        policy: window` }),
    code: 'CONFIG_UNKNOWN_POLICY',
    says: ['chains[0].tokens[0].policy (line 6)', '"window" is not a revenue policy'],
    hint: 'Did you mean "windowed"? Known policies: auto, alt-revenue, windowed, reference, ',
  },
  {
    name: 'a stated policy that is like none',
    yaml: yaml({ token: `address: '${OLM}'\n        policy: {like: windowd, window: 3}` }),
    code: 'CONFIG_UNKNOWN_POLICY',
    says: ['chains[0].tokens[0].policy.like (line 6)', '"windowd" is not a revenue policy'],
    hint: 'Did you mean "windowed"?',
  },
  {
    name: 'a part of a policy that does not exist',
    yaml: yaml({ token: `address: '${OLM}'\n        policy: {like: windowed, windows: 3}` }),
    code: 'CONFIG_UNKNOWN_KEY',
    says: ['chains[0].tokens[0].policy.windows (line 6)', 'the key "windows" is not known here'],
    hint: 'Did you mean "window"? Known keys: like, window, claimedId, rounding',
  },
  {
    name: 'a rounding that does not exist',
    yaml: yaml({
      token: `address: '${OLM}'\n        policy: {like: windowed, rounding: refernce}`,
    }),
    code: 'CONFIG_INVALID',
    says: ['chains[0].tokens[0].policy.rounding (line 6)', '"refernce" is not known here'],
    hint: 'Did you mean "reference"? Write reference or windowed.',
  },
  {
    name: 'a window of nothing',
    yaml: yaml({ token: `address: '${OLM}'\n        policy: {like: windowed, window: 0}` }),
    code: 'CONFIG_INVALID',
    says: ['chains[0].tokens[0].policy.window (line 6)', '0 is less than 1'],
    hint: 'Write how many snapshots can be claimed',
  },
  {
    name: 'an interval in two units',
    yaml: yaml({
      token: `address: '${OLM}'\n        policy: {like: windowed, interval: {blocks: 1, seconds: 1}}`,
    }),
    code: 'CONFIG_INVALID',
    says: ['chains[0].tokens[0].policy.interval (line 6)', 'either blocks or seconds is required'],
    hint: 'interval: {blocks: 648000}',
  },
  {
    name: 'a token that stands there twice, in another case',
    yaml: yaml({ more: `      - address: '${OLM.toLowerCase()}'\n` }),
    code: 'CONFIG_DUPLICATE',
    says: [
      'chains[0].tokens[1].address (line 6)',
      OLM.toLowerCase(),
      'chains[0].tokens[0].address',
    ],
    hint: 'Delete one of the two',
  },
  {
    name: 'an oracle by another key',
    yaml: yaml({
      more: `    oracles:\n      - address: '${OLM.toLowerCase()}'\n        start: 5\n`,
    }),
    code: 'CONFIG_INVALID',
    says: ['chains[0].oracles[0].start (line 8)', 'chains[0].oracles[0].address (line 7)'],
    hint: 'Correct them',
  },
  {
    name: 'a chain that stands there twice',
    yaml: `${yaml()}${yaml().replace('chains:\n', '')}`,
    code: 'CONFIG_DUPLICATE',
    says: ['chains[1].id (line 6)', 'chains[0].id'],
    hint: 'Delete one of the two',
  },
  {
    name: 'an RPC of another scheme',
    yaml: yaml({ chain: 'id: 1\n    rpc: ftp://node/s3cret' }),
    code: 'CONFIG_BAD_URL',
    says: ['chains[0].rpc (line 3)', 'ftp://node/…', 'http://, https://, ws:// or wss://'],
    hint: 'http://localhost:8545',
  },
  {
    name: 'an RPC without a scheme',
    yaml: yaml({ chain: 'id: 1\n    rpc: node.example/s3cret' }),
    code: 'CONFIG_BAD_URL',
    says: ['chains[0].rpc (line 3)', 'is not a URL'],
    hint: 'with its scheme',
  },
  {
    name: 'a block explorer that would run a script',
    yaml: yaml({ chain: 'id: 1\n    rpc: http://node\n    explorer: "javascript:alert(1)"' }),
    code: 'CONFIG_BAD_URL',
    says: ['chains[0].explorer (line 4)', 'is not a URL that starts with http:// or https://'],
    hint: 'https://etherscan.io',
  },
  {
    name: 'a block explorer with a key that readers would see',
    yaml: yaml({
      chain: 'id: 1\n    rpc: http://node\n    explorer: https://scan.example?key=s3cret',
    }),
    code: 'CONFIG_BAD_URL',
    says: ['chains[0].explorer (line 4)', 'readers of the page see it'],
    hint: 'https://etherscan.io',
  },
  {
    name: 'a gateway over websocket',
    yaml: yaml({ chain: 'id: 1\n    rpc: http://node\n    gateway: wss://gate/s3cret' }),
    code: 'CONFIG_BAD_URL',
    says: ['chains[0].gateway (line 4)', 'wss://gate/…', 'http:// or https://'],
    hint: 'with its scheme',
  },
  {
    name: 'a Portal over websocket',
    yaml: yaml({ chain: 'id: 1\n    rpc: http://node\n    portal: wss://gate/s3cret' }),
    code: 'CONFIG_BAD_URL',
    says: ['chains[0].portal (line 4)', 'wss://gate/…'],
    hint: 'with its scheme',
  },
  {
    name: 'a key of a Portal that is not set',
    yaml: yaml({
      chain: `id: 1\n    rpc: http://node\n    portal: {url: http://p, key: '${variable('SQD_API_KEY')}'}`,
    }),
    code: 'CONFIG_ENV_MISSING',
    says: ['chains[0].portal.key (line 4)', 'SQD_API_KEY is not set'],
    hint: 'leave `key` out',
  },
  {
    name: 'a key that no header can carry',
    yaml: yaml({
      chain: 'id: 1\n    rpc: http://node\n    gateway: {url: http://p, key: "s3cret\\n"}',
    }),
    code: 'CONFIG_INVALID',
    says: ['chains[0].gateway.key (line 4)'],
    hint: 'Copy the key again',
  },
  {
    name: 'a size of the cache without a unit',
    yaml: yaml({ chain: 'id: 1\n    rpc: http://node\n    cache: {maxSize: 500}' }),
    code: 'CONFIG_INVALID',
    says: ['chains[0].cache.maxSize (line 4)'],
    hint: 'maxSize: 2 GB',
  },
  {
    name: 'a finder that is not known',
    yaml: yaml({ chain: 'id: 1\n    rpc: http://node\n    source: {finders: [ranges, fast]}' }),
    code: 'CONFIG_INVALID',
    says: ['chains[0].source.finders[1] (line 4)', '"fast"'],
    hint: 'portal, gateway, ranges, state, blocks',
  },
  {
    name: 'an empty list of finders',
    yaml: yaml({ chain: 'id: 1\n    rpc: http://node\n    source: {finders: []}' }),
    code: 'CONFIG_INVALID',
    says: ['chains[0].source.finders (line 4)', 'the list is empty'],
    hint: 'leave it out',
  },
  {
    name: 'a finder whose service the chain does not have',
    yaml: yaml({ chain: 'id: 1\n    rpc: http://node\n    source: {finders: [portal]}' }),
    code: 'CONFIG_INVALID',
    says: ['chains[0].source.finders[0] (line 4)', 'needs `portal:`'],
    hint: 'delete "portal"',
  },
  {
    name: 'no block at once',
    yaml: yaml({ chain: 'id: 1\n    rpc: http://node\n    source: {blocksAtOnce: 0}' }),
    code: 'CONFIG_INVALID',
    says: ['chains[0].source.blocksAtOnce (line 4)', '0 is less than 1'],
    hint: 'blocksAtOnce: 2000',
  },
  {
    name: 'half a block at least',
    yaml: yaml({ chain: 'id: 1\n    rpc: http://node\n    source: {blocksAtLeast: 0.5}' }),
    code: 'CONFIG_INVALID',
    says: ['chains[0].source.blocksAtLeast (line 4)', 'not a whole number'],
    hint: 'blocksAtLeast: 500',
  },
  {
    name: 'a mistyped key of the source',
    yaml: yaml({ chain: 'id: 1\n    rpc: http://node\n    source: {finder: [ranges]}' }),
    code: 'CONFIG_UNKNOWN_KEY',
    says: ['chains[0].source.finder (line 4)'],
    hint: 'Did you mean "finders"?',
  },
  {
    name: 'an environment variable that is not set',
    yaml: yaml({ chain: `id: 1\n    rpc: https://node/${variable('RPC_KEY')}` }),
    code: 'CONFIG_ENV_MISSING',
    says: ['chains[0].rpc (line 3)', 'RPC_KEY is not set'],
    hint: 'export RPC_KEY=',
  },
  {
    name: 'YAML with a wrong indentation',
    yaml: 'chains:\n  - id: 1\n   rpc: http://node\n',
    code: 'CONFIG_MALFORMED_YAML',
    says: ['line 3, column'],
    hint: 'indentation',
  },
  {
    name: 'a key written twice',
    yaml: yaml({ chain: 'id: 1\n    id: 2\n    rpc: http://node' }),
    code: 'CONFIG_MALFORMED_YAML',
    says: ['line 3, column 5', 'unique'],
    hint: 'indentation',
  },
];

describe('a config file with a mistake is refused with place, value and remedy', () => {
  test.each(BAD_INPUTS)('$name', ({ yaml, code, says, hint }) => {
    const error = refusalOf(yaml);
    expect(error).toMatchObject({ name: 'ImoError', code });
    expect(error.message).toMatch(/^imo\.yaml/);
    for (const part of says) expect(error.message).toContain(part);
    expect(error.hint).toContain(hint);
    expect(error.message + error.hint).not.toContain('s3cret');
  });
});

test('one error reports all mistakes of a file, each with its remedy', () => {
  const error = refusalOf(
    yaml({
      chain: `id: 0\n    rpcs: http://node/s3cret\n    rpc: ${variable('RPC_A')}`,
      token: 'address: nope',
      more: "      - address: 'nope'\n",
    }),
  );
  expect(error.code).toBe('CONFIG_INVALID');
  expect(error.message).toContain('imo.yaml has 6 problems');
  for (const part of ['chains[0].id (line 2)', 'chains[0].rpcs (line 3)', 'RPC_A is not set'])
    expect(error.message).toContain(part);
  expect(error.message).toContain('Did you mean "rpc"?');
  expect(error.message).not.toContain('s3cret');
});

test('a good file gets its defaults, and an unquoted address keeps its digits', () => {
  const chain = `id: 8453\n    rpc: https://${variable('HOST')}/k`;
  const source = yaml({ token: `address: ${OLM}`, chain });
  expect(parseConfig('imo.yaml', source, { HOST: 'node' })).toEqual({
    chains: [
      {
        id: 8453,
        name: 'chain 8453',
        rpcTimeoutSeconds: 30,
        traceTimeoutSeconds: 20,
        rpcUrl: 'https://node/k',
        explorer: null,
        fallbackRpcUrls: [],
        portal: null,
        gatewayUrl: null,
        gatewayKey: null,
        source: {},
        cache: { folder: resolve('.imo-ledger/cache'), maxBytes: 2 * 1024 ** 3 },
        finalityConfirmation: 75,
        startBlock: null,
        headPollIntervalSeconds: 5,
        headPollAdapts: true,
        labels: [],
        lookThrough: [],
        sales: [],
        collections: [],
        oracles: [],
        prices: [],
        groups: [],
        audit: { holdersPerBlock: 20, everyBlocks: 1, callsPerSecond: 20 },
        tokens: [{ address: OLM.toLowerCase(), policy: 'auto', startBlock: null, assets: [] }],
      },
    ],
  });
});

test('a key goes to the services of SQD from the environment, and to other hosts if named', () => {
  const keysOf = (portal: string, gateway: string) => {
    const chain = `id: 1\n    rpc: http://node\n    portal: ${portal}\n    gateway: ${gateway}`;
    const env = { SQD_API_KEY: 'k1', OTHER: 'k2' };
    const [parsed] = parseConfig('imo.yaml', yaml({ chain }), env).chains;
    return [parsed?.portal?.key, parsed?.gatewayKey];
  };
  const own = 'https://portal.sqd.dev/datasets/ethereum-mainnet';
  const gateway = 'https://v2.archive.subsquid.io/network/ethereum-mainnet';
  expect(keysOf(own, gateway)).toEqual(['k1', 'k1']);
  expect(keysOf('http://localhost:8000/datasets/x', 'https://notsqd.dev/x')).toEqual([null, null]);
  expect(keysOf(`{url: 'http://localhost/x', key: '${variable('OTHER')}'}`, gateway)).toEqual([
    'k2',
    'k1',
  ]);
});

test('the ways to find final blocks are chosen in the file, or left to the endpoints', () => {
  const sourceOf = (source: string) =>
    parseConfig('imo.yaml', yaml({ chain: `id: 1\n    rpc: http://n\n    source: ${source}` }), {})
      .chains[0]?.source;
  expect(sourceOf('')).toEqual({});
  expect(sourceOf('{finders: [ranges, state], blocksAtOnce: 2000, blocksAtLeast: 1}')).toEqual({
    finders: ['ranges', 'state'],
    blocksAtOnce: 2000,
    blocksAtLeast: 1,
  });
});

test('the cache is a folder with a size limit, or off', () => {
  const cacheOf = (cache: string) =>
    parseConfig(
      '/etc/imo.yaml',
      yaml({ chain: `id: 1\n    rpc: http://n\n    cache: ${cache}` }),
      {},
    ).chains[0]?.cache;
  expect(cacheOf('')).toEqual(cacheOf('true'));
  expect(cacheOf('false')).toBeNull();
  expect(cacheOf('true')?.folder).toBe(resolve('/etc/.imo-ledger/cache'));
  expect(cacheOf('there')).toEqual({ folder: '/etc/there', maxBytes: 2 * 1024 ** 3 });
  expect(cacheOf('{path: /var/x, maxSize: 1.5 GB}')).toEqual({
    folder: '/var/x',
    maxBytes: 1.5 * 1024 ** 3,
  });
});

test('a policy can state what the getters of a token do not', () => {
  const policyOf = (policy: string) => {
    const token = `address: '${OLM}'\n        policy: ${policy}`;
    return parseConfig('imo.yaml', yaml({ token }), {}).chains[0]?.tokens[0]?.policy;
  };
  const stated = '{like: windowed, window: 3, rounding: reference, interval: {blocks: 648000}}';
  expect(policyOf(stated)).toEqual({
    like: 'windowed',
    parts: { window: 3, rounding: 'reference', interval: { unit: 'blocks', length: '648000' } },
  });
  expect(policyOf('{like: reference, window: none, percent: 100, interval: unknown}')).toEqual({
    like: 'reference',
    parts: { window: 'none', percent: 100, interval: 'optional' },
  });
});

test('the background audit can be changed, and switched off', () => {
  const auditOf = (lines: string) => {
    const chain = `id: 1\n    rpc: http://localhost:8545\n    audit: ${lines}`;
    return parseConfig('imo.yaml', yaml({ chain }), {}).chains[0]?.audit;
  };
  expect(auditOf('false')).toBeNull();
  expect(auditOf('{everyBlocks: 10}')).toEqual({
    holdersPerBlock: 20,
    everyBlocks: 10,
    callsPerSecond: 20,
  });
  expect(auditOf('')).toEqual({ holdersPerBlock: 20, everyBlocks: 1, callsPerSecond: 20 });
});

test('an RPC may be a list: the first is preferred, and the others are fallbacks', () => {
  const listed = (rpc: string) =>
    parseConfig(
      'imo.yaml',
      yaml({ token: `address: "${OLM}"`, chain: `id: 1\n    rpc: ${rpc}` }),
      {},
    );
  const [chain] = listed('["https://a/k", "wss://b/k", "https://c"]').chains;
  expect(chain).toMatchObject({
    rpcUrl: 'https://a/k',
    fallbackRpcUrls: ['wss://b/k', 'https://c'],
  });
  expect(() => listed('["https://a/k", "ftp://b/secret"]')).toThrow(/rpc\[1\].*ftp:\/\/b\/…/s);
  expect(() => listed('[]')).toThrow(/rpc.*the list is empty/s);
});

test('the URL of a block explorer loses the slash at its end', () => {
  const chain = 'id: 1\n    rpc: http://node\n    explorer: https://scan.example/mainnet/';
  const config = parseConfig('imo.yaml', yaml({ token: `address: "${OLM}"`, chain }), {});
  expect(config.chains[0]?.explorer).toBe('https://scan.example/mainnet');
});

test('the example in the repository is valid', async () => {
  const config = await loadConfig(join(PROJECT_ROOT, 'imo.yaml'), { RPC_ETHEREUM: 'wss://node/k' });
  expect(config.chains.map(({ id, rpcUrl }) => ({ id, rpcUrl }))).toEqual([
    { id: 1, rpcUrl: 'wss://node/k' },
  ]);
});

test('a missing file and a folder in its place have different errors', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'imo.yaml'), yaml());
  await expect(loadConfig(join(folder, 'other.yaml'), {})).rejects.toMatchObject({
    code: 'CONFIG_NOT_FOUND',
    message: expect.stringContaining(join(folder, 'other.yaml')),
    hint: expect.stringContaining('--config'),
  });
  await expect(loadConfig(folder, {})).rejects.toMatchObject({ code: 'CONFIG_UNREADABLE' });
});

function refusalOf(source: string): { code: string; message: string; hint: string } {
  try {
    parseConfig('imo.yaml', source, {});
  } catch (error) {
    return error as { code: string; message: string; hint: string };
  }
  throw new Error('the file was accepted');
}
