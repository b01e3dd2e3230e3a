import { expect, test } from 'vitest';
import { momentOf } from '../../dashboard/src/place/moment.js';

test.each([
  ['3986', { block: 3_986 }],
  ['3 986', { block: 3_986 }],
  ['3,986', { block: 3_986 }],
  ['2026-03-01', { timestamp: '2026-03-01T00:00:00.000Z' }],
  ['2026-03-01 12:30', { timestamp: '2026-03-01T12:30:00.000Z' }],
  ['2026-03-01T12:30:05Z', { timestamp: '2026-03-01T12:30:05.000Z' }],
  ['2026-03-01T12:30+02:00', { timestamp: '2026-03-01T10:30:00.000Z' }],
])('the moment %s is a block, or a time in UTC', (text, at) => {
  expect(momentOf(text)).toEqual({ kind: 'then', at, text });
});

test.each([[null], [''], ['  ']])('without a moment (%s) it is now', (text) => {
  expect(momentOf(text)).toEqual({ kind: 'now' });
});

test.each([
  'yesterday',
  '2026-13-01',
  '2026-03-01 25:00',
  '-5',
  '1.5',
  '0x10',
  '2026-02-30',
  '2026-02-30T',
])('any other text is not mistaken for now: %s', (text) => {
  expect(momentOf(text)).toEqual({ kind: 'unreadable', text });
});
