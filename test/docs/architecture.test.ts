import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { shortArrows, withPicture } from '../support/roomsPicture.js';

test('the picture of ARCHITECTURE.md shows the rooms as they are (npm run docs:architecture)', () => {
  const page = readFileSync('ARCHITECTURE.md', 'utf8');
  expect(withPicture(page)).toBe(page);
});

test('an arrow of the picture is left out only where others lead to the same room', () => {
  const uses = { api: ['books', 'store', 'ledger'], books: ['store'], store: ['ids'], ids: [] };
  expect(shortArrows('api', uses)).toEqual(['books', 'ledger']);
  expect(shortArrows('books', uses)).toEqual(['store']);
  expect(() => withPicture('# Another page')).toThrow('the page has no picture');
});
