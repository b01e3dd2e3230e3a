import { type GraphQLArgument, getNamedType, isLeafType, isNonNullType } from 'graphql';
import { expect, test } from 'vitest';
import { checksummed } from '../../src/address.js';
import { buildApiSchema } from '../../src/api/schema.js';
import { timeOf } from '../store/read/actions.js';
import { BOB, openScenario, WINDOWED } from '../store/read/scenario.js';
import { freshDatabase } from '../support/databases/postgres.js';
import { runVerbHere } from '../support/programs/verbHere.js';
import { subscribeSse } from './live/clients.js';
import { ask, startTestApi } from './support.js';

const url = await freshDatabase();
const books = await openScenario(url);
const api = await startTestApi(url);

/** How each interface is asked; it answers with the codes of its errors, or with `none`. */
const INTERFACES = {
  graphql: async (text: string) => {
    const { errors = [] } = await ask(api, text);
    return errors[0]?.extensions.code ?? 'none';
  },
  subscription: async (text: string) => {
    const events = await subscribeSse(api, `subscription { ${text} { added { id } } }`);
    const { errors = [] } = await events.next();
    await events.close();
    return errors[0]?.extensions.code ?? 'none';
  },
  rest: async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${api.port}/v1/${path}`);
    if (response.ok) {
      await response.text();
      return 'none';
    }
    const { code, error } = (await response.json()) as { code?: string; error?: { code: string } };
    return code ?? error?.code ?? '';
  },
  cli: async (line: string) => {
    const { stderr } = await runVerbHere(line.split(' '), { DATABASE_URL: url });
    return /^error ([A-Z_]+)/m.exec(stderr)?.[1] ?? 'none';
  },
} as const;

const TOKEN = checksummed(WINDOWED);
const WRONG_CHECKSUM = TOKEN.replace('aA', 'Aa');
const NOBODY = `0x${'77'.repeat(20)}`;
const UNIX = 1_767_225_600;
const EARLY = '2001-01-01';
const bob = checksummed(BOB);

type Interface = keyof typeof INTERFACES;

/** A mistake, how it is made on each interface, and what the interface answers. Empty: it takes no such value. */
const MISTAKES: Readonly<Record<string, readonly (readonly [Interface, string, RegExp])[]>> = {
  'an address with a wrong checksum': [
    [
      'graphql',
      `{ claims(filter: { token: "${WRONG_CHECKSUM}" }) { totalCount } }`,
      /BAD_|GRAPHQL_/,
    ],
    ['subscription', `claims(token: "${WRONG_CHECKSUM}")`, /BAD_|GRAPHQL_/],
    ['rest', `export/claims?token=${WRONG_CHECKSUM}`, /EXPORT_BAD_OPTION/],
    ['rest', `holders/${WRONG_CHECKSUM}/claimable`, /BAD_ADDRESS/],
    ['rest', `calendar.ics?holder=${WRONG_CHECKSUM}`, /BAD_ADDRESS/],
    ['rest', `statement?holder=${WRONG_CHECKSUM}`, /EXPORT_BAD_OPTION/],
    ['cli', `export claims --token ${WRONG_CHECKSUM}`, /EXPORT_BAD_OPTION|USAGE/],
    ['cli', `statement ${WRONG_CHECKSUM}`, /USAGE/],
  ],
  'an empty address': [
    ['graphql', '{ claims(filter: { holder: "" }) { totalCount } }', /BAD_|GRAPHQL_/],
    ['subscription', 'claims(holder: "")', /BAD_|GRAPHQL_/],
    ['rest', 'export/claims?holder=', /EXPORT_BAD_OPTION/],
    ['rest', 'export/claims?token=', /EXPORT_BAD_OPTION/],
    ['rest', 'calendar.ics?holder=', /BAD_ADDRESS/],
    ['rest', 'statement?holder=', /EXPORT_BAD_OPTION/],
    ['cli', 'export claims --holder ', /EXPORT_BAD_OPTION|USAGE/],
    ['cli', 'statement ', /USAGE/],
  ],
  'an empty value of another option': [
    ['graphql', '{ claims(filter: { chainId: "" }) { totalCount } }', /BAD_|GRAPHQL_/],
    ['rest', 'export/claims?chain=', /EXPORT_BAD_OPTION/],
    ['rest', 'export/claims?at=', /EXPORT_BAD_OPTION/],
    ['rest', 'export/claims?from=', /EXPORT_BAD_OPTION/],
    ['rest', 'export/entitlements?snapshot=', /EXPORT_BAD_OPTION/],
    ['rest', 'export/claims?currency=', /EXPORT_BAD_OPTION/],
    ['rest', `holders/${bob}/claimable?chainId=`, /BAD_/],
    ['rest', `calendar.ics?holder=${bob}&chainId=`, /BAD_/],
    ['rest', `statement?holder=${bob}&chain=`, /EXPORT_BAD_OPTION/],
    ['rest', `statement?holder=${bob}&from=`, /STATEMENT_BAD_PERIOD/],
    ['rest', `statement?holder=${bob}&format=`, /EXPORT_BAD_OPTION/],
    ['cli', 'export claims --chain ', /EXPORT_BAD_OPTION|USAGE/],
  ],
  'a token that is not indexed': [
    ['graphql', `{ claims(filter: { token: "${NOBODY}" }) { totalCount } }`, /UNKNOWN_TOKEN/],
    ['subscription', `claims(token: "${NOBODY}")`, /UNKNOWN_TOKEN/],
    ['rest', `export/claims?token=${NOBODY}`, /UNKNOWN_TOKEN/],
    ['rest', `statement?holder=${bob}&token=${NOBODY}`, /UNKNOWN_TOKEN/],
    ['cli', `export claims --token ${NOBODY}`, /UNKNOWN_TOKEN/],
    ['cli', `statement ${bob} --token ${NOBODY}`, /UNKNOWN_TOKEN/],
  ],
  'a chain that is not indexed': [
    ['graphql', '{ claims(filter: { chainId: 5 }) { totalCount } }', /UNKNOWN_CHAIN/],
    ['subscription', 'claims(chainId: 5)', /UNKNOWN_CHAIN/],
    ['rest', 'export/claims?chain=5', /UNKNOWN_CHAIN/],
    ['rest', `holders/${bob}/claimable?chainId=5`, /UNKNOWN_CHAIN/],
    ['rest', `calendar.ics?holder=${bob}&chainId=5`, /UNKNOWN_CHAIN/],
    ['rest', `statement?holder=${bob}&chain=5`, /UNKNOWN_CHAIN/],
    ['cli', 'export claims --chain 5', /UNKNOWN_CHAIN/],
    ['cli', `statement ${bob} --chain 5`, /UNKNOWN_CHAIN|CHAIN_NOT_CONFIGURED/],
  ],
  'a block beyond what is indexed': [
    [
      'graphql',
      '{ claims(filter: { chainId: 1 }, at: { block: 99 }) { totalCount } }',
      /NOT_INDEXED/,
    ],
    ['rest', 'export/claims?chain=1&at=99', /NOT_INDEXED/],
    ['rest', 'export/claims?chain=1&from=99', /NOT_INDEXED/],
    ['rest', `statement?holder=${bob}&chain=1&to=99`, /NOT_INDEXED/],
    ['cli', 'export claims --chain 1 --at 99', /NOT_INDEXED/],
    ['cli', `statement ${bob} --chain 1 --to 99`, /NOT_INDEXED/],
  ],
  'a moment before the start': [
    [
      'graphql',
      `{ claims(at: { timestamp: "${EARLY}T00:00:00Z" }) { totalCount } }`,
      /BEFORE_START/,
    ],
    ['rest', `export/claims?at=${EARLY}`, /BEFORE_START/],
    ['rest', `statement?holder=${bob}&to=${EARLY}`, /BEFORE_START/],
    ['cli', `export claims --at ${EARLY}`, /BEFORE_START/],
    ['cli', `statement ${bob} --to ${EARLY}`, /BEFORE_START/],
  ],
  'a Unix time where a block is meant': [
    ['graphql', `{ claims(filter: { chainId: 1 }, at: { block: ${UNIX} }) { totalCount } }`, /./],
    ['rest', `export/claims?chain=1&at=${UNIX}`, /EXPORT_BAD_OPTION|NOT_INDEXED/],
    ['cli', `export claims --chain 1 --at ${UNIX}`, /EXPORT_BAD_OPTION|NOT_INDEXED/],
    ['cli', `statement ${bob} --chain 1 --to ${UNIX}`, /USAGE|NOT_INDEXED|BAD_/],
    ['cli', `audit --at ${UNIX}`, /USAGE/],
  ],
  'a value that is given twice': [
    ['graphql', '{ claims(filter: { chainId: 1, chainId: 2 }) { totalCount } }', /GRAPHQL_/],
    ['subscription', 'claims(chainId: 1, chainId: 2)', /GRAPHQL_/],
    ['rest', 'export/claims?chain=1&chain=2', /EXPORT_BAD_OPTION/],
    ['rest', `holders/${bob}/claimable?chainId=1&chainId=2`, /BAD_QUERY/],
    ['rest', `statement?holder=${bob}&chain=1&chain=2`, /BAD_QUERY/],
    ['cli', 'export claims --chain 1 --chain 2', /USAGE/],
    ['cli', `statement ${bob} --from 10 --from 20`, /USAGE/],
  ],
  'a range that ends before it starts': [
    ['graphql', '{ claims(filter: { block: { gte: 30, lte: 20 } }) { totalCount } }', /BAD_RANGE/],
    ['rest', 'export/claims?chain=1&from=30&to=20', /EXPORT_BAD_OPTION/],
    ['cli', 'export claims --chain 1 --from 30 --to 20', /EXPORT_BAD_OPTION/],
    ['cli', `statement ${bob} --chain 1 --from 30 --to 20`, /BAD_|USAGE|STATEMENT/],
  ],
  'a snapshot that was not taken': [
    ['graphql', '{ claims(filter: { snapshotId: 99 }) { totalCount } }', /UNKNOWN_SNAPSHOT/],
    ['rest', 'export/entitlements?snapshot=99', /EXPORT_BAD_OPTION/],
    ['cli', 'export entitlements --snapshot 99', /EXPORT_BAD_OPTION/],
  ],
};

const CASES = Object.entries(MISTAKES).flatMap(([mistake, ways]) =>
  ways.map(([name, text, code]) => [mistake, name, text, code] as const),
);

test.each(CASES)('%s is refused by %s: %s', async (_, name, text, code) => {
  expect(await INTERFACES[name](text)).toMatch(code);
});

interface Described {
  readonly paths: Readonly<
    Record<
      string,
      Readonly<
        Record<string, { parameters?: readonly { readonly name: string; readonly in: string }[] }>
      >
    >
  >;
}

/** Parameters that may repeat, wherever they are: addresses and kinds, of which several make sense. */
const REPEATABLE = new Set(['holder', 'token', 'kind']);

test('every parameter of every path is refused where it is given twice, or collects its values', async () => {
  const origin = `http://127.0.0.1:${api.port}`;
  const { paths } = (await (await fetch(`${origin}/v1/openapi.json`)).json()) as Described;
  const values: Readonly<Record<string, string>> = { address: bob, dataset: 'claims' };
  const taken: string[] = [];
  let asked = 0;
  for (const [path, { get }] of Object.entries(paths)) {
    const query = get?.parameters?.filter(({ in: place }) => place === 'query') ?? [];
    const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '1');
    for (const { name } of query) {
      if (REPEATABLE.has(name)) continue;
      const response = await fetch(`${origin}${filled}?${name}=7&${name}=7`);
      const text = await response.text();
      asked += 1;
      if (response.status !== 400 || !/given (twice|more than once)/.test(text)) {
        taken.push(`${path} ${name}: ${response.status} ${text.slice(0, 200)}`);
      }
    }
  }
  expect(taken).toEqual([]);
  expect(asked).toBeGreaterThan(20);
});

/** What must be given, of books that exist. */
const GIVEN: Readonly<Record<string, string>> = {
  chainId: '1',
  token: `"${WINDOWED}"`,
  contract: `"${WINDOWED}"`,
  holder: `"${bob}"`,
  holders: `["${bob}"]`,
  sender: `"${bob}"`,
  address: `"${WINDOWED}"`,
  text: '"bob"',
  amount: '"1"',
  snapshotId: '1',
  interval: 'DAY',
  groupBy: 'SOURCE',
};

/** Values of arguments that no books have, and the codes of what they are refused by. */
const OF_NO_BOOKS: readonly (readonly [argument: string, value: string, code: RegExp])[] = [
  ['chainId', '5', /UNKNOWN_CHAIN/],
  ['token', `"${NOBODY}"`, /UNKNOWN_/],
  ['contract', `"${NOBODY}"`, /UNKNOWN_/],
  ['asset', `"${NOBODY}"`, /UNKNOWN_ASSET/],
  ['snapshotId', '99', /UNKNOWN_SNAPSHOT|NOT_COMMITTED/],
  ['at', '{ block: 99 }', /NOT_INDEXED|BAD_AT/],
  ['at', `{ block: ${UNIX} }`, /NOT_INDEXED|BAD_AT/],
  ['at', '{ timestamp: "2099-01-01T00:00:00Z" }', /NOT_INDEXED/],
  ['at', `{ timestamp: "${EARLY}T00:00:00Z" }`, /BEFORE_START|UNKNOWN_SALE/],
  ['block', '99', /NOT_INDEXED|NOT_HASHED/],
  ['timestamp', `{ lte: "${EARLY}T00:00:00Z" }`, /BEFORE_START|BAD_RANGE/],
  ['timestamp', '{ gte: "2099-01-01T00:00:00Z" }', /NOT_INDEXED|BAD_RANGE/],
  ['address', `"${WRONG_CHECKSUM}"`, /BAD_|GRAPHQL_/],
  ['holder', `"${WRONG_CHECKSUM}"`, /BAD_|GRAPHQL_/],
  ['holders', `["${bob}", "${WRONG_CHECKSUM}"]`, /BAD_|GRAPHQL_/],
  ['sender', `"${WRONG_CHECKSUM}"`, /BAD_|GRAPHQL_/],
  ['text', `"${WRONG_CHECKSUM}"`, /BAD_ADDRESS/],
];

const isRequired = ({ type, defaultValue }: GraphQLArgument) =>
  isNonNullType(type) && defaultValue === undefined;

test.each(['query', 'subscription'] as const)(
  'no %s of the schema answers about books, moments and accounts that cannot be',
  async (operation) => {
    const root = buildApiSchema().getRootType(operation as never);
    const answered: string[] = [];
    let asked = 0;
    for (const { name, args, type } of Object.values(root?.getFields() ?? {})) {
      for (const [argument, value, code] of OF_NO_BOOKS) {
        if (!args.some((arg) => arg.name === argument)) continue;
        const rest = args.filter((arg) => isRequired(arg) && arg.name !== argument);
        const given = rest.map((arg) => `${arg.name}: ${GIVEN[arg.name]}`);
        const ofChain = argument === 'at' && value.includes('block') ? ['chainId: 1'] : [];
        const scope = args.some((arg) => arg.name === 'chainId') && !given.includes('chainId: 1');
        const all = [...given, ...(scope ? ofChain : []), `${argument}: ${value}`];
        const selection = isLeafType(getNamedType(type)) ? '' : '{ __typename }';
        const text = `${operation} { ${name}(${all.join(', ')}) ${selection} }`;
        const events = operation === 'query' ? null : await subscribeSse(api, text);
        const { errors = [] } = events === null ? await ask(api, text) : await events.next();
        await events?.close();
        asked += 1;
        const says = errors[0]?.extensions.code ?? 'none';
        if (!code.test(says)) answered.push(`${name}(${argument}: ${value}): ${says}`);
      }
    }
    expect(answered).toEqual([]);
    expect(asked).toBeGreaterThan(operation === 'query' ? 100 : 10);
  },
);

/** The same for parameters of paths. */
const IN_NO_PATH: readonly (readonly [parameter: string, value: string])[] = [
  ['chain', '5'],
  ['chainId', '5'],
  ['token', NOBODY],
  ['token', WRONG_CHECKSUM],
  ['holder', WRONG_CHECKSUM],
  ['text', WRONG_CHECKSUM],
  ['at', '99&chain=1'],
  ['at', `${EARLY}&chain=1`],
  ['at', `${UNIX}&chain=1`],
  ['from', '99&chain=1'],
  ['to', '99&chain=1'],
  ['currency', 'QQQ'],
  ['snapshot', '99'],
  ['format', 'docx'],
  ['noSuchParameter', '1'],
];

test('no path answers about books, moments and accounts that cannot be', async () => {
  const origin = `http://127.0.0.1:${api.port}`;
  const { paths } = (await (await fetch(`${origin}/v1/openapi.json`)).json()) as Described;
  const values: Readonly<Record<string, string>> = { address: bob, dataset: 'entitlements' };
  const answered: string[] = [];
  let asked = 0;
  for (const [path, { get }] of Object.entries(paths)) {
    const query = get?.parameters?.filter(({ in: place }) => place === 'query') ?? [];
    if (query.length === 0) continue;
    const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '1');
    const takes = (wanted: string) => query.some(({ name }) => name === wanted);
    for (const [name, value] of IN_NO_PATH) {
      if (!takes(name) && name !== 'noSuchParameter') continue;
      const holder = takes('holder') && path !== '/v1/export/{dataset}' && name !== 'holder';
      const also = `${holder ? `&holder=${bob}` : ''}${takes('text') && name !== 'text' ? '&text=bob' : ''}`;
      const response = await fetch(`${origin}${filled}?${name}=${value}${also}`);
      await response.text();
      asked += 1;
      if (response.ok) answered.push(`${path} ${name}=${value}: ${response.status}`);
    }
  }
  expect(answered).toEqual([]);
  expect(asked).toBeGreaterThan(25);
});

test('a time and its block are the same moment on every interface', async () => {
  const at = timeOf(35).toISOString();
  for (const moment of ['35', at]) {
    const { stdout } = await runVerbHere(
      ['export', 'receipts', '--chain', '1', '--at', moment, '--format', 'jsonl'],
      { DATABASE_URL: url },
    );
    const response = await fetch(
      `http://127.0.0.1:${api.port}/v1/export/receipts?chain=1&format=jsonl&at=${moment}`,
    );
    expect(await response.text()).toBe(stdout);
    expect(stdout.trim().split('\n')).toHaveLength(4);
  }
  await api.close();
  await books.close();
});
