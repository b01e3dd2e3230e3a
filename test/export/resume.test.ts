import { afterAll, beforeAll, expect, test } from 'vitest';
import { hashOf } from '../store/read/actions.js';
import type { Books } from '../store/read/books.js';
import { openScenario } from '../store/read/scenario.js';
import { freshDatabase } from '../support/databases/postgres.js';
import { exportRows, exportText } from './support.js';

/** Blocks of chain 1 in which something is booked. */
const BOOKED = [10, 12, 20, 21, 22, 25, 30, 31, 35, 40, 41, 45, 46, 50];

let url: string;
let books: Books;
beforeAll(async () => {
  url = await freshDatabase();
  books = await openScenario(url);
});
afterAll(() => books.close());

test('an export as of a moment resumes with the same options, plus cursor and resume', async () => {
  const options = { chain: '1', at: '41', from: '10' };
  const rows = await exportRows(url, 'receipts', options);
  expect(rows.length).toBeGreaterThan(2);
  const resume = (await exportText(url, 'receipts', options)).manifest.resume ?? '';
  const cursor = String(rows[1]?.row_id);
  expect(await exportRows(url, 'receipts', { ...options, cursor, resume })).toEqual(rows.slice(2));
  const { at: _, ...without } = options;
  expect(await exportRows(url, 'receipts', { ...without, cursor, resume })).toEqual(rows.slice(2));
  await expect(
    exportRows(url, 'receipts', { ...options, at: '50', cursor, resume }),
  ).rejects.toThrow('"at" is another moment than that of the interrupted export: 41');
});

test('every moment of a manifest names the newest booked block up to it, with its hash', async () => {
  for (const at of ['11', '41', '55']) {
    const { asOf } = (await exportText(url, 'receipts', { chain: '1', at })).manifest;
    const booked = Math.max(...BOOKED.filter((block) => block <= Number(at)));
    expect(asOf).toMatchObject([
      { block: Number(at), booked: { block: booked, hash: hashOf(1, booked) } },
    ]);
  }
});
