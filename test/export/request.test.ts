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
    { time: new Date('2024-02-29T23:59:59.999Z') },
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

test('2026 is the year and 2026-02 the month; block:2026 is the block', () => {
  const bounds = (text: string) => {
    const { from, to } = parseExportRequest('transfers', { from: text, to: text });
    return [from, to];
  };
  const times = (...texts: string[]) => texts.map((text) => ({ time: new Date(text) }));
  expect(bounds('2026')).toEqual(times('2026-01-01T00:00:00Z', '2026-12-31T23:59:59.999Z'));
  expect(bounds('2024-02')).toEqual(times('2024-02-01T00:00:00Z', '2024-02-29T23:59:59.999Z'));
  expect(bounds('block:2026')).toEqual([{ block: 2026 }, { block: 2026 }]);
  expect(bounds('2000')).toEqual([{ block: 2000 }, { block: 2000 }]);
  expect(bounds('25000000')).toEqual([{ block: 25_000_000 }, { block: 25_000_000 }]);
  for (const wrong of ['2026-13', 'block:', 'block:-1', '0x10', '1e3', ' 5', '']) {
    expect(() => bounds(wrong)).toThrow(expect.objectContaining({ code: 'EXPORT_BAD_OPTION' }));
  }
});

test('an address whose checksum is wrong is refused, with the right form', () => {
  const right = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed';
  const wrong = right.replace('5aA', '5AA');
  for (const option of ['token', 'holder'] as const) {
    expect(() => parseExportRequest('transfers', { [option]: wrong })).toThrow(
      expect.objectContaining({ hint: expect.stringContaining(right) }),
    );
    const { tokens, holders } = parseExportRequest('transfers', { [option]: right });
    expect([...tokens, ...holders]).toEqual([right.toLowerCase()]);
  }
});

test('several tokens and holders may be named, each once in the result', () => {
  const [one, other] = ['11', '22'].map((digits) => `0x${digits.repeat(20)}`);
  const { tokens, holders } = parseExportRequest('claims', {
    token: [`${one}`, `${other}`, `${one}`],
    holder: `${other}`,
  });
  expect([tokens, holders]).toEqual([[one, other], [other]]);
});

test('what a dataset cannot be narrowed by is refused', () => {
  const token = `0x${'11'.repeat(20)}`;
  expect(() => parseExportRequest('aigc-contents', { token })).toThrow(
    'the dataset aigc-contents takes no "token"',
  );
});

test('the file of a tax program has a holder, or up to 100 accounts of one person', () => {
  const accounts = Array.from(
    { length: 101 },
    (_, index) => `0x${String(index).padStart(40, '0')}`,
  );
  const holder = accounts.slice(0, 100);
  expect(parseExportRequest('koinly', { holder: [...holder, ...holder] }).holders).toEqual(holder);
  expect(() => parseExportRequest('koinly', { holder: accounts })).toThrow(
    '101 accounts are named',
  );
  expect(() => parseExportRequest('koinly', {})).toThrow('is about a holder, and none is named');
});
