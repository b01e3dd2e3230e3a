import { expect, test } from 'vitest';
import { checksummed } from '../../src/address.js';
import { makeDeferredIndexes } from '../../src/store/database/deferredIndexes.js';
import { connectClient } from '../../src/store/database/postgres.js';
import { ALICE, openScenario, PAYER, REFERENCE, WINDOWED } from '../store/read/scenario.js';
import { freshDatabase, query } from '../support/databases/postgres.js';
import { atEndOfFile } from '../support/endOfFile.js';
import { runVerbHere } from '../support/programs/verbHere.js';
import { askData, askError, startTestApi } from './support.js';

const url = await freshDatabase();
const books = await openScenario(url);
const api = await startTestApi(url);
atEndOfFile(async () => {
  await api.close();
  await books.close();
});

const BIDI = '\u202e';
await query(
  url,
  `INSERT INTO label (chain_id, address, name) VALUES
     (1, '\\x${ALICE.slice(2)}', 'Café Zürich Treasury'),
     (1, '\\x${'1f'.repeat(20)}', 'evil ${BIDI}%_ name''; DROP TABLE token'),
     (-1, '\\x${'2f'.repeat(20)}', 'treasury of joining books')`,
);
await query(url, `UPDATE token SET name = 'Open Language Model' WHERE symbol = 'REF'`);
await query(url, `UPDATE token SET symbol = 'USDС', name = 'Dollar' WHERE symbol = 'WIN2'`);

async function search(text: string, first = 20) {
  const answer = await askData(
    api,
    `query ($text: String!, $first: Int!) { search(text: $text, first: $first) {
      searchedAs isComplete hasMore asOf { chainId block }
      hits { kind chainId address transactionHash block name symbol symbolOnChain label lists }
    } }`,
    { text, first },
  );
  return answer.search;
}

async function found(text: string): Promise<string[]> {
  const { hits } = await search(text);
  return hits.map(
    ({ kind, chainId, label, symbolOnChain }: Record<string, string>) =>
      `${chainId} ${kind} ${label ?? symbolOnChain ?? '-'}`,
  );
}

test('names, symbols and labels match without case, by the start of a word', async () => {
  expect(await found('win')).toEqual(['1 TOKEN WIN']);
  expect(await found('LANGUAGE mod')).toEqual(['1 TOKEN REF']);
  expect(await found('anguage')).toEqual([]);
  expect(await found('zürich')).toEqual(['1 LABEL Café Zürich Treasury']);
  expect(await found('CAFE\u0301')).toEqual(['1 LABEL Café Zürich Treasury']);
  expect(await found('treasury')).toEqual(['1 LABEL Café Zürich Treasury']);
});

test('an address is found whole and by six digits, with the lists that show it', async () => {
  const [{ kind, lists, label }, ...others] = (await search(ALICE)).hits;
  expect([kind, lists, label]).toEqual(['LABEL', ['holder'], 'Café Zürich Treasury']);
  expect(others).toMatchObject([{ kind: 'ACCOUNT', chainId: 2, lists: ['holder'] }]);
  expect((await search(PAYER)).hits).toMatchObject([
    { kind: 'ACCOUNT', chainId: 1, lists: ['receipts'] },
    { kind: 'ACCOUNT', chainId: 2, lists: ['receipts'] },
  ]);
  const { hits, searchedAs } = await search(WINDOWED.slice(0, 8).toUpperCase().replace('X', 'x'));
  expect(searchedAs).toBe('ADDRESS_PREFIX');
  expect(hits).toMatchObject([
    { kind: 'TOKEN', chainId: 1, address: checksummed(WINDOWED), lists: ['token'] },
    { kind: 'TOKEN', chainId: 2, address: checksummed(WINDOWED) },
  ]);
  expect(await search('0x000000', 2)).toMatchObject({ hasMore: true, hits: [{}, {}] });
});

test('a symbol that looks like money is found, and not shown as such', async () => {
  expect((await search('usdс')).hits).toMatchObject([
    { kind: 'TOKEN', chainId: 2, symbol: null, symbolOnChain: 'USDС' },
  ]);
});

test('nothing found is an answer that says what was searched, up to which block', async () => {
  for (const text of ['nobody', `0x${'77'.repeat(20)}`, '%', '_', '\\', "'; --"]) {
    expect(await search(text), text).toMatchObject({
      hits: [],
      hasMore: false,
      isComplete: true,
      asOf: [
        { chainId: 1, block: 55 },
        { chainId: 2, block: 60 },
      ],
    });
  }
});

test('a transaction is found by its hash as soon as its indexes exist, not before', async () => {
  const [{ hash = '' } = {}] = await query<{ hash: string }>(
    url,
    `SELECT '0x' || encode(transaction_hash, 'hex') AS hash FROM claim LIMIT 1`,
  );
  expect(await search(hash)).toMatchObject({ hits: [], isComplete: false });
  const client = await connectClient({ connectionString: url });
  await makeDeferredIndexes(client);
  await client.end();
  expect(await search(hash)).toMatchObject({
    isComplete: true,
    searchedAs: 'TRANSACTION',
    hits: [{ kind: 'TRANSACTION', chainId: 1, transactionHash: hash, lists: ['claims'] }],
  });
  expect(await search(`0x${'99'.repeat(32)}`)).toMatchObject({ isComplete: true, hits: [] });
});

test('a wrong checksum, too few digits, and too long or empty texts are refused', async () => {
  const errorOf = async (text: string, first = 20) =>
    (
      await askError(
        api,
        `query ($t: String!, $n: Int!) { search(text: $t, first: $n) { hasMore } }`,
        {
          t: text,
          n: first,
        },
      )
    ).code;
  expect(await errorOf('0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD'.replace('aA', 'Aa'))).toBe(
    'BAD_ADDRESS',
  );
  for (const text of ['', '   ', '0x', '0x12345', `0x${'1'.repeat(41)}`, 'x'.repeat(201)]) {
    expect(await errorOf(text), text).toBe('BAD_SEARCH');
  }
  expect(await errorOf('win', 0)).toBe('BAD_SEARCH');
  expect(await errorOf('win', 101)).toBe('BAD_SEARCH');
});

test('REST and the command line find the same', async () => {
  const base = api.url.replace(/\/graphql$/, '');
  const answer = await fetch(`${base}/v1/search?text=ref`);
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({
    searchedAs: 'names',
    hits: [{ kind: 'token', address: checksummed(REFERENCE), name: 'Open Language Model' }],
  });
  const refused = await fetch(`${base}/v1/search?text=0x12`);
  expect([refused.status, (await refused.json()).code]).toEqual([400, 'BAD_SEARCH']);
  const run = (...args: string[]) => runVerbHere(['search', ...args], { DATABASE_URL: url });
  const text = await run('evil');
  expect(text.stdout).toContain('evil \ufffd%_ name');
  expect(text.stdout).not.toContain(BIDI);
  expect(text.exitCode).toBe(0);
  expect(JSON.parse((await run('ref', '--json')).stdout).hits).toHaveLength(1);
  expect((await run('nobody')).stdout).toContain(
    'Nothing found: searched as names, up to block 55',
  );
});
