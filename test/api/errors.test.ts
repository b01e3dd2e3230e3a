import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunningApi } from '../../src/api/server.js';
import { servingField } from '../../src/config/serving.js';
import { accountOf, timeOf } from '../store/read/actions.js';
import { Books, type TokenTerms } from '../store/read/books.js';
import { openScenario, REFERENCE, WINDOWED } from '../store/read/scenario.js';
import { freshDatabase, query } from '../support/databases/postgres.js';
import { ask, askData, askError, loggerInto, startTestApi } from './support.js';

let books: Books;
let api: RunningApi;
let url: string;

beforeAll(async () => {
  url = await freshDatabase();
  books = await openScenario(url);
  api = await startTestApi(url);
});
afterAll(async () => {
  await api.close();
  await books.close();
});

const TERMS: TokenTerms = {
  chainId: 1,
  address: WINDOWED,
  symbol: 'T',
  policy: 'windowed',
  percent: 1n,
  window: 2,
  interval: 1n,
  intervalUnit: 'blocks',
  startBlock: 1,
  initialLastSnapshot: null,
};

const token = (args: string) => `{ token(${args}) { symbol } }`;
const WIN = `chainId: 1, address: "${WINDOWED}"`;

describe('what is wrong with the request itself', () => {
  test.each([
    ['a text that is not GraphQL', '{', {}, 'GRAPHQL_PARSE_FAILED'],
    ['a field that does not exist', '{ nonsense }', {}, 'GRAPHQL_VALIDATION_FAILED'],
    [
      'a missing variable',
      'query ($a: Address!) { holder(address: $a) { address } }',
      {},
      'BAD_VARIABLE',
    ],
    [
      'a variable of another type',
      'query ($n: Int) { tokens(first: $n) { totalCount } }',
      { n: 'x' },
      'BAD_VARIABLE',
    ],
    [
      'an operation without a name',
      'query A { __typename } query B { __typename }',
      {},
      'OPERATION_RESOLUTION_FAILURE',
    ],
  ])('%s has a code and a hint', async (_, text, variables, code) => {
    // From the fifth time on the query is compiled.
    for (let time = 0; time < 6; time++) {
      const { errors = [] } = await ask(api, text, variables);
      expect(errors).toMatchObject([
        { extensions: { code, hint: expect.stringMatching(/\w{3}/) } },
      ]);
    }
  });

  test('names of the schema are suggested, unless the operator does not want that', async () => {
    const query = '{ token { symbol } tokenz { totalCount } }';
    const messages = async (server: RunningApi) =>
      ((await ask(server, query)).errors ?? []).map(({ message }) => message).join(' ');
    expect(await messages(api)).toContain('Did you mean "token" or "tokens"?');
    const serving = servingField('.').parse({ suggestions: false });
    const server = await startTestApi(url, { serving });
    expect(await messages(server)).not.toMatch(/Did you mean|tokens/);
    await server.close();
  });

  test('a list that would look at too many holders is refused before it does', async () => {
    const serving = servingField('.').parse({ limits: { computedHolders: 2 } });
    const server = await startTestApi(url, { serving });
    const holders = (args: string) =>
      `{ holders(chainId: 1, token: "${WINDOWED}", ${args}) { nodes { address } totalCount } }`;
    for (const args of [
      // Its index is not there yet.
      'at: {block: 40}',
      'at: {block: 40}, filter: {minRedeemedWei: "1"}',
      'at: {block: 40}, orderBy: CLAIMED, where: {balance: {_gt: "1"}}',
      'orderBy: CLAIMABLE, direction: ASC',
      'filter: {minClaimableWei: "1"}',
    ]) {
      const { errors = [] } = await ask(server, holders(args));
      expect([args, errors[0]?.extensions.code]).toEqual([args, 'TOO_MANY_HOLDERS']);
      expect(errors[0]?.message).toContain('limits.computedHolders allows: 2');
    }
    for (const args of [
      'orderBy: BALANCE',
      'at: {block: 40}, orderBy: CLAIMED',
      'at: {block: 40}, orderBy: REDEEMED, direction: ASC',
    ]) {
      expect([args, (await ask(server, holders(args))).errors]).toEqual([args, undefined]);
    }
    await server.close();
  });
});

describe('what cannot be answered', () => {
  test.each([
    ['a chain that is not indexed', token(`chainId: 5, address: "${WINDOWED}"`), 'UNKNOWN_CHAIN'],
    [
      'a filter by such a chain',
      '{ claims(filter: { chainId: 5 }) { totalCount } }',
      'UNKNOWN_CHAIN',
    ],
    [
      'a token that is not indexed',
      token(`chainId: 1, address: "${accountOf(9)}"`),
      'UNKNOWN_TOKEN',
    ],
    [
      'a filter by such a token',
      `{ claims(filter: { token: "${accountOf(9)}" }) { totalCount } }`,
      'UNKNOWN_TOKEN',
    ],
    ['a token of another chain', token(`chainId: 2, address: "${REFERENCE}"`), 'UNKNOWN_TOKEN'],
    ['a later block', token(`${WIN}, at: { block: 56 }`), 'BLOCK_NOT_INDEXED'],
    [
      'a later time',
      token(`${WIN}, at: { timestamp: "${timeOf(56).toISOString()}" }`),
      'BLOCK_NOT_INDEXED',
    ],
    ['a block before the deployment', token(`${WIN}, at: { block: 9 }`), 'BEFORE_START'],
    [
      'a time before everything',
      token(`${WIN}, at: { timestamp: "2001-01-01T00:00:00Z" }`),
      'BEFORE_START',
    ],
    [
      'a block and a time',
      token(`${WIN}, at: { block: 9, timestamp: "2024-01-01T00:00:00Z" }`),
      'BAD_AT',
    ],
    ['a negative block', token(`${WIN}, at: { block: -1 }`), 'BAD_AT'],
    ['a block of no chain', '{ receipts(at: { block: 20 }) { totalCount } }', 'BAD_AT'],
    ['two page sizes', '{ receipts(first: 1, last: 1) { totalCount } }', 'BAD_PAGE'],
    ['a negative page size', '{ receipts(first: -1) { totalCount } }', 'BAD_PAGE'],
    ['a huge page', '{ receipts(last: 1001) { totalCount } }', 'BAD_PAGE'],
    ['a cursor that is none', '{ receipts(after: "x") { totalCount } }', 'BAD_CURSOR'],
  ])('%s', async (_, question, code) => {
    const error = await askError(api, question);
    expect(error).toMatchObject({ code });
    expect(error.hint).not.toBe('');
  });

  test('the newest indexed block is named', async () => {
    const { message, hint } = await askError(api, token(`${WIN}, at: { block: 56 }`));
    expect(message).toContain('newest indexed block is 55');
    expect(hint).toContain('block 55 or earlier');
  });

  test('a text that the database cannot hold', async () => {
    const list = `query ($account: String!) {
      journal(filter: { account: $account }) { nodes { id } } }`;
    expect(await askError(api, list, { account: 'claim\0able' })).toMatchObject({
      code: 'BAD_TEXT',
    });
  });

  test('page sizes in variables count too, nested ones as well', async () => {
    const list = 'query ($n: Int) { receipts(first: $n) { totalCount } }';
    expect(await askError(api, list, { n: 1001 })).toMatchObject({ code: 'BAD_PAGE' });
    const nested = `query ($n: Int) { token(${WIN}) { holders(first: $n) { totalCount } } }`;
    expect(await askError(api, nested, { n: 1001 })).toMatchObject({ code: 'BAD_PAGE' });
  });

  test('a cursor of another list, order or token', async () => {
    const { receipts, holders } = await askData(
      api,
      `{ receipts(first: 1) { pageInfo { endCursor } }
         holders(chainId: 1, token: "${WINDOWED}", first: 1) { pageInfo { endCursor } } }`,
    );
    const receipt = receipts.pageInfo.endCursor;
    const holder = holders.pageInfo.endCursor;
    for (const list of [
      `claims(after: "${receipt}")`,
      `receipts(after: "${receipt}", orderBy: AMOUNT)`,
      `holders(chainId: 1, token: "${REFERENCE}", after: "${holder}")`,
      `holders(chainId: 1, token: "${WINDOWED}", orderBy: CLAIMED, after: "${holder}")`,
    ]) {
      expect(await askError(api, `{ ${list} { totalCount } }`)).toMatchObject({
        code: 'BAD_CURSOR',
      });
    }
  });

  test('other fields still have answers if one field is wrong', async () => {
    const { data, errors } = await ask(
      api,
      `{ good: token(${WIN}) { symbol } bad: token(chainId: 9, address: "${WINDOWED}") { symbol } }`,
    );
    expect(data).toEqual({ good: { symbol: 'WIN' }, bad: null });
    expect(errors).toMatchObject([{ path: ['bad'], extensions: { code: 'UNKNOWN_CHAIN' } }]);
  });
});

describe('values', () => {
  const holder = 'query ($a: Address!) { holder(address: $a) { address } }';

  test.each<[string | number, string]>([
    ['0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD', 'a wrong checksum'],
    ['5aaeb6053f3e94c9b9a09f33669435e7ef1beaed', 'no 0x'],
    ['0x5aaeb6053f3e94c9b9a09f33669435e7ef1beae', 'a digit too few'],
    ['vitalik.eth', 'a name'],
    [12, 'a number'],
  ])('%s is not a valid address: %s', async (address) => {
    expect(await askError(api, holder, { a: address })).toMatchObject({ code: 'BAD_ADDRESS' });
  });

  test('an address in a literal is checked like one in a variable', async () => {
    const error = await askError(api, '{ holder(address: "0x12") { address } }');
    expect(error).toMatchObject({ code: 'BAD_ADDRESS', hint: 'Write 0x and 40 hex digits.' });
  });

  test('the error for a wrong checksum names the checksum', async () => {
    const address = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD';
    expect((await askError(api, holder, { a: address })).message).toContain('checksum');
  });

  test.each([
    ['amountWei: { gte: "-1" }', 'BAD_BIGINT'],
    ['amountWei: { gte: "1.5" }', 'BAD_BIGINT'],
    ['amountWei: { gte: "1e18" }', 'BAD_BIGINT'],
    [`amountWei: { gte: "${2n ** 256n}" }`, 'BAD_BIGINT'],
    ['amountWei: { gte: 1.5 }', 'BAD_BIGINT'],
    ['transactionHash: "0x12"', 'BAD_BYTES32'],
    ['timestamp: { gte: "2024-01-01" }', 'BAD_DATETIME'],
    ['timestamp: { gte: "2024-13-01T00:00:00Z" }', 'BAD_DATETIME'],
    ['timestamp: { gte: "2023-02-29T00:00:00Z" }', 'BAD_DATETIME'],
  ])('%s is refused with %s', async (filter, code) => {
    const question = `{ receipts(filter: { ${filter} }) { totalCount } }`;
    expect(await askError(api, question)).toMatchObject({ code });
  });

  test('whole numbers may be written without quotes, up to 2^256 - 1', async () => {
    const count = async (filter: string) =>
      (await askData(api, `{ receipts(filter: { amountWei: { ${filter} } }) { totalCount } }`))
        .receipts.totalCount;
    expect(await count('gte: 500')).toBe(2);
    expect(await count(`lte: ${2n ** 256n - 1n}`)).toBe(7);
    const variable =
      'query ($n: BigInt) { receipts(filter: { amountWei: { gte: $n } }) { totalCount } }';
    expect((await askData(api, variable, { n: 500 })).receipts.totalCount).toBe(2);
    expect(await askError(api, variable, { n: 2 ** 60 })).toMatchObject({ code: 'BAD_BIGINT' });
  });
});

describe('limits', () => {
  const nested = (depth: number): string =>
    depth === 0 ? 'address' : `token { holders(first: 4) { nodes { ${nested(depth - 1)} } } }`;
  const holders = (depth: number) =>
    `holders(chainId: 1, token: "${WINDOWED}", first: 4) { nodes { ${nested(depth)} } }`;

  test('a query may be so deep and no deeper', async () => {
    expect((await askData(api, `{ ${holders(3)} }`)).holders.nodes).toHaveLength(3);
    expect(await askError(api, `{ ${holders(4)} }`)).toMatchObject({ code: 'QUERY_TOO_DEEP' });
    const fragments = `{ ...All } fragment All on Query { ${holders(4)} }`;
    expect(await askError(api, fragments)).toMatchObject({ code: 'QUERY_TOO_DEEP' });
  });

  test('the number of lists in a request is limited', async () => {
    const lists = Array.from(
      { length: 201 },
      (_, index) => `a${index}: claims(first: 1) { nodes { id } }`,
    );
    const { errors = [] } = await ask(api, `{ ${lists.join(' ')} }`);
    expect(errors).toMatchObject([{ extensions: { code: 'QUERY_TOO_LARGE' } }]);
  });

  test('a text of absurd length is not parsed', async () => {
    const { errors } = await ask(api, `{ ${'status { chainId } '.repeat(2000)} }`);
    expect(errors?.[0]?.message).toContain('more that 4000 tokens');
  });
});

describe('what the client must not see', () => {
  test('an error of the database says neither SQL nor table', async () => {
    const broken = await freshDatabase();
    await query(broken, 'ALTER TABLE receipt RENAME TO gone');
    const others = Books.open(broken);
    await others.addToken(TERMS);
    await others.commit(1, 1);
    const logged: string[] = [];
    const server = await startTestApi(broken, { logger: loggerInto(logged) });
    const { data, errors } = await ask(server, '{ receipts { nodes { id } } }');
    expect(data).toEqual({ receipts: null });
    expect(errors).toEqual([
      expect.objectContaining({
        message: 'something went wrong on the server',
        path: ['receipts'],
        extensions: {
          code: 'INTERNAL',
          hint: expect.stringContaining('log'),
          docs: 'docs/errors.md#internal',
        },
      }),
    ]);
    expect(logged.join()).toContain('receipt');
    await server.close();
    await others.close();
  });

  test('a query that cannot be read, or is not in the schema, gets a code too', async () => {
    expect(await askError(api, '{')).toMatchObject({ code: 'GRAPHQL_PARSE_FAILED' });
    expect(await askError(api, '{ nonsense }')).toMatchObject({
      code: 'GRAPHQL_VALIDATION_FAILED',
    });
  });
});

describe('before the first commit', () => {
  test('every list says that nothing is indexed; status and tokens answer', async () => {
    const empty = await freshDatabase();
    const unfinished = Books.open(empty);
    await unfinished.addToken(TERMS);
    const chains = [{ id: 1, name: 'one', rpcUrl: 'http://127.0.0.1:1' }];
    const server = await startTestApi(empty, { chains });
    for (const question of [
      token(WIN),
      '{ receipts { totalCount } }',
      `{ holder(address: "${accountOf(1)}") { address } }`,
      `{ holders(chainId: 1, token: "${WINDOWED}") { totalCount } }`,
      `{ snapshots(chainId: 1, token: "${WINDOWED}") { totalCount } }`,
    ]) {
      expect(await askError(server, question)).toMatchObject({ code: 'NOTHING_INDEXED' });
    }
    const { tokens, status } = await askData(
      server,
      '{ tokens { totalCount } status { chainId name indexed { block } lagBlocks } }',
    );
    expect(tokens).toEqual({ totalCount: 0 });
    const ofChain = await askData(server, '{ tokens(filter: { chainId: 1 }) { totalCount } }');
    expect(ofChain.tokens).toEqual({ totalCount: 0 });
    expect(status).toEqual([{ chainId: 1, name: 'one', indexed: null, lagBlocks: null }]);
    await server.close();
    await unfinished.close();
  });
});
