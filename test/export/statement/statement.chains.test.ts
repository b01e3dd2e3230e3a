import { afterAll, beforeAll, expect, it } from 'vitest';
import { momentOf } from '../../../src/export/statement/read/period.js';
import {
  readStatement,
  type StatementRequest,
} from '../../../src/export/statement/read/readStatement.js';
import { timeOf } from '../../store/read/actions.js';
import type { Books } from '../../store/read/books.js';
import { ALICE, openScenario } from '../../store/read/scenario.js';
import { freshDatabase } from '../../support/databases/postgres.js';

let books: Books;

/** Alice has tokens on chains 1 and 2. */
beforeAll(async () => {
  books = await openScenario(await freshDatabase());
});
afterAll(() => books.close());

function stated(options: Partial<StatementRequest> = {}) {
  const all = { accounts: [ALICE], tokens: [], chainId: null, from: null, to: null };
  return readStatement(books.pool, { ...all, ...options });
}

it('a statement covers every chain, each to its newest block', async () => {
  const { periods, tokens } = await stated();
  expect(periods).toMatchObject([
    { chainId: 1, openingBlock: -1, closingBlock: 55 },
    { chainId: 2, openingBlock: -1, closingBlock: 60 },
  ]);
  expect(tokens.map(({ token, closing }) => [token.symbol, closing])).toEqual([
    ['WIN', 40n],
    ['WIN2', 5n],
  ]);
});

it('a time means a block of each chain, a block number one chain', async () => {
  const time = momentOf(timeOf(14).toISOString(), 'to');
  expect((await stated({ to: time })).tokens).toMatchObject([{ closing: 60n }]);
  const block = momentOf('14', 'to');
  await expect(stated({ to: block })).rejects.toMatchObject({ code: 'STATEMENT_NEEDS_CHAIN' });
  expect((await stated({ to: block, chainId: 1 })).tokens).toMatchObject([{ closing: 60n }]);
});
