import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { keepReport } from '../../bench/report/keep.js';
import { pageOfKept } from '../../bench/report/keptReports.js';
import { PAGE, pageFiles } from '../../bench/report/page.js';
import type { BenchReport, KeptReport } from '../../bench/report/report.js';
import { textOf } from '../../bench/report/text.js';
import { PROJECT_ROOT } from '../../src/projectRoot.js';

const REPORT: BenchReport = {
  tables: [
    {
      title: 'Medians of 3 runs:',
      headings: ['contender', 'events/s'],
      rows: [
        ['imo-ledger', '55118'],
        ['squid', '8178'],
      ],
    },
  ],
  goals: [
    { what: 'of limit', measured: 0.6697, wanted: 1, side: 'at least', unit: ' ×' },
    { what: 'memory', measured: 329, wanted: 400, side: 'at most', unit: ' MB' },
  ],
  plots: [
    {
      name: 'rates',
      title: 'Rates',
      unit: 'events/s',
      shape: 'bars',
      categories: ['imo-ledger', 'squid'],
      series: [{ name: 'events/s', values: [55118, 8178] }],
    },
  ],
};

test('a report has its figures below each other, and names each goal that was not reached', () => {
  expect(textOf(REPORT)).toBe(
    [
      'Medians of 3 runs:',
      '',
      '| contender  | events/s |',
      '|------------|---------:|',
      '| imo-ledger |    55118 |',
      '| squid      |     8178 |',
      '',
      'not reached: of limit: 0.67 ×, wanted at least 1 ×',
    ].join('\n'),
  );
});

test('a figure that is missing reaches no goal', () => {
  const goal = { what: 'p99', measured: Number.NaN, wanted: 150, unit: ' ms' };
  const report = (side: 'at least' | 'at most') => ({
    tables: [],
    plots: [],
    goals: [{ ...goal, side }],
  });
  for (const side of ['at least', 'at most'] as const) {
    expect(textOf(report(side))).toContain('not reached: p99');
  }
});

test('a kept report says how, when, where and of which version it was made', async () => {
  const root = await mkdtemp(join(tmpdir(), 'imo-ledger-kept-'));
  onTestFinished(() => rm(root, { recursive: true }));
  const file = await keepReport('ingest', ['--runs', '3'], REPORT, root);
  const kept = JSON.parse(await readFile(join(root, file), 'utf8')) as KeptReport;
  expect(file).toBe('bench/results/ingest.json');
  expect(kept).toMatchObject({ ...REPORT, bench: 'ingest' });
  expect(kept.command).toBe('npm run bench:ingest -- --runs 3');
  expect(kept.day).toMatch(/^\d{4}-\d\d-\d\d$/);
  expect(kept.commit).toMatch(/^[0-9a-f]{7,}/);
  expect(kept.machine).toMatch(/^\d+ cores \(.+\), \d+ GB, Node\.js \d+\.\d+\.\d+$/);
});

test('the page has a section, tables, goals and pictures of each kept report', () => {
  const kept = { bench: 'ingest', command: 'npm run bench:ingest', day: '2026-11-30' } as const;
  const files = pageFiles([{ ...REPORT, ...kept, commit: 'abc1234', machine: '2 cores' }]);
  const page = files.get(PAGE) ?? '';
  expect(page).toContain('## Ingest\n');
  expect(page).toContain('![Rates](pictures/performance/rates.svg)');
  expect(page).toContain('| imo-ledger |    55118 |');
  expect(page).toContain('- **Missed**: of limit: 0.67 ×, wanted at least 1 ×');
  expect(page).toContain('- Reached: memory: 329 MB, wanted at most 400 MB');
  expect(page).toContain('`npm run bench:ingest` on 2026-11-30 at abc1234: 2 cores.');
  expect(page).not.toContain('## Growth');
  const picture = files.get('docs/pictures/performance/rates.svg') ?? '';
  expect(picture).toMatch(/^<svg /);
  for (const text of ['Rates', 'imo-ledger', '55118', 'squid', '8178']) {
    expect(picture).toContain(`>${text}</text>`);
  }
});

test('docs/performance.md, its pictures and the figures of docs/scale.md are what the kept reports make', async () => {
  for (const [path, text] of pageOfKept()) {
    expect(await readFile(join(PROJECT_ROOT, path), 'utf8'), path).toBe(text);
  }
});
