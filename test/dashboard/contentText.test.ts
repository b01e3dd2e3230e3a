import { expect, test } from 'vitest';
import { textToShow } from '../../dashboard/src/views/markets/contentText.js';

test('plain content is shown as it is, with its lines', () => {
  expect(textToShow('a quiet glacier\r\nno. 2\tend')).toBe('a quiet glacier\nno. 2\tend');
  expect(textToShow('مرحبا, 世界, 👋🏽, é')).toBe('مرحبا, 世界, 👋🏽, é');
});

test('signs that turn texts around, or cannot be seen, are left out', () => {
  expect(textToShow('safe\u202e\u2066\u200b\u0000\u0007\u001b[31m')).toBe('safe[31m');
});

test('towers of marks that would paint over other texts are cut', () => {
  expect([...textToShow(`Z${'\u0301'.repeat(500)}algo`)]).toHaveLength(1 + 3 + 4);
});

test('content is no longer than its place, and is cut at a whole character', () => {
  const long = textToShow('👋'.repeat(5_000));
  expect([...long]).toHaveLength(600);
  expect(long.endsWith('👋…')).toBe(true);
  expect(textToShow('\n'.repeat(9_000)).split('\n')).toHaveLength(17);
});
