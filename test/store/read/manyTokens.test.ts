import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readBalances } from '../../../src/store/read/holders/holderPositions.js';
import { readOperationPage } from '../../../src/store/read/operations/operationPage.js';
import { countOperations } from '../../../src/store/read/operations/operationSelect.js';
import { readOperationTotals } from '../../../src/store/read/operations/operationTotals.js';
import { blockWindow } from '../../../src/store/read/operations/operationWindows.js';
import { TRANSFERS } from '../../../src/store/read/operations/transfers.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';

const BLOCKS = 5;
const ALICE = '0x00000000000000000000000000000000000000a1';
let db: pg.Pool;

beforeAll(async () => {
  const url = await freshDatabase();
  db = new pg.Pool({ connectionString: url });
  await query(
    url,
    `INSERT INTO transfer (id, token_number, block_number, "timestamp", position, log_index,
       transaction_hash, transaction_index, "from", "to", amount)
     SELECT lpad(t::text, 4, '0') || '-' || lpad(b::text, 10, '0') || '-000000', t, b,
       '2026-01-01'::timestamptz + b * interval '1 hour', 0, 0, '\\x01', 0,
       decode(repeat('00', 20), 'hex'), decode('${ALICE.slice(2)}', 'hex'), 10 * t + b
     FROM generate_series(1, 9) t, generate_series(1, ${BLOCKS}) b`,
  );
  await query(
    url,
    `INSERT INTO balance_checkpoint (token_number, account, block_number, "interval", balance)
     SELECT t, decode('${ALICE.slice(2)}', 'hex'), 1, 0, 100 * t FROM generate_series(1, 9) t`,
  );
});

afterAll(() => db.end());

// Up to four tokens have a branch each. On one server, more are rows of the statement.
test.each([1, 2, 4, 5, 9])(
  'a list of %i tokens has the pages, counts and sums of all of them',
  async (tokens) => {
    const numbers = Array.from({ length: tokens }, (_, index) => index + 1);
    const windows = numbers.flatMap((number) => blockWindow(number, 1, 0, BLOCKS));
    const query = { windows, filter: {}, direction: 'DESC' as const };
    const inOrder = numbers.flatMap((number) =>
      Array.from({ length: BLOCKS }, (_, block) => ({ tokenNumber: number, block: block + 1 })),
    );
    inOrder.sort((one, other) => other.block - one.block || other.tokenNumber - one.tokenNumber);

    const request = { limit: 3, isBackward: false, after: null, before: null };
    const { rows } = await readOperationPage(db, TRANSFERS, query, request);
    expect(rows.map(({ tokenNumber, block }) => ({ tokenNumber, block }))).toEqual(
      inOrder.slice(0, 3),
    );

    expect(await countOperations(db, TRANSFERS, query)).toBe(tokens * BLOCKS);
    const totals = {
      ...query,
      measures: ['o."amount"'],
      groups: ['w.token_number'],
      interval: null,
    };
    const sums = await readOperationTotals(db, TRANSFERS, { ...totals, limit: 20 });
    expect(sums.map(({ keys, count, amounts }) => [keys[0], count, amounts[0]?.sum])).toEqual(
      numbers.map((number) => [number, BLOCKS, BigInt(50 * number + 15)]),
    );

    const keys = numbers.map(
      (tokenNumber) => ({ tokenNumber, account: ALICE, block: BLOCKS }) as const,
    );
    expect(await readBalances(db, keys)).toEqual(numbers.map((number) => BigInt(100 * number)));
  },
);
