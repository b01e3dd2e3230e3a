import { expect, test } from 'vitest';
import { parseExportRequest } from '../../src/export/request/request.js';

test.each(['2025-02-29', '2025-06-31', '2025-06-31T00:00:00Z', '2025-01-32', '2025-1-31'])(
  '%s is not a valid day, and not one of the next month',
  (day) => {
    for (const option of ['from', 'to', 'at'] as const) {
      const dataset = option === 'at' ? 'holders' : 'transfers';
      expect(() => parseExportRequest(dataset, { [option]: day })).toThrow(
        expect.objectContaining({ code: 'EXPORT_BAD_OPTION', message: `"${option}" is "${day}"` }),
      );
    }
  },
);

test('a date is the whole day in UTC, a time what it says in its own zone', () => {
  const { from, to } = parseExportRequest('transfers', { from: '2024-02-29', to: '2024-02-29' });
  expect([from, to]).toEqual([
    { time: new Date('2024-02-29T00:00:00Z') },
    { time: new Date('2024-02-29T23:59:59Z') },
  ]);
  const early = parseExportRequest('transfers', { from: '2024-03-01T00:30:00+01:00' });
  expect(early.from).toEqual({ time: new Date('2024-02-29T23:30:00Z') });
});

test.each([
  ['2025-02-01', '2025-01-31'],
  ['12', '11'],
])('from %s to %s is a mistake, not an empty file', (from, to) => {
  expect(() => parseExportRequest('transfers', { from, to })).toThrow(
    expect.objectContaining({ code: 'EXPORT_BAD_OPTION' }),
  );
  expect(() => parseExportRequest('transfers', { from, to: from })).not.toThrow();
});
