import { expect, it } from 'vitest';
import { openAudits } from '../../src/doctor/books/audits.js';

it('up to five tokens without a first audit have a line each, and more have one together', () => {
  const tokens = Array.from({ length: 1_000 }, (_, index) => `0x${index}`);
  expect(openAudits(tokens.slice(0, 2))).toEqual([
    'token 0x0 waits for its first audit',
    'token 0x1 waits for its first audit',
  ]);
  expect(openAudits(tokens.slice(0, 5))).toHaveLength(5);
  expect(openAudits(tokens)).toEqual([
    '1000 tokens wait for their first audit; the first are 0x0, 0x1, 0x2, 0x3, 0x4',
  ]);
});
