import { expect, test } from 'vitest';
import { withParameter } from '../../dashboard/src/place/parameters.js';

test('a filter changes the URL and nothing else of it', () => {
  expect(withParameter('/x', {}, 'step', 'day')).toBe('/x?step=day');
  expect(withParameter('/x', { at: '2026-03-01 12:00', step: 'day' }, 'step', 'week')).toBe(
    '/x?at=2026-03-01+12%3A00&step=week',
  );
});

test.each([null, ''])('without a value (%s) a filter leaves the URL', (value) => {
  expect(withParameter('/x', { at: '7', step: 'day' }, 'step', value)).toBe('/x?at=7');
  expect(withParameter('/x', { step: 'day' }, 'step', value)).toBe('/x');
});

test('commas between addresses stay readable', () => {
  expect(withParameter('/x', {}, 'holders', '0xa,0xb')).toBe('/x?holders=0xa,0xb');
});
