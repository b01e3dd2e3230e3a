import type { KeptReport, Table } from './report.js';
import { tableText } from './text.js';

/** The page of the capacity model. Its figures are between these lines. */
export const CAPACITY_PAGE = 'docs/scale.md';
const START = '<!-- Figures of bench:scale: `npm run docs:performance` writes them. -->';
const END = '<!-- End of the figures. -->';

/** Books as large as that. */
interface Books {
  readonly title: string;
  readonly transfer: number;
  readonly holder: number;
  readonly snapshot: number;
}

/** A holder for ten transfers; each token has a snapshot a month for three years. */
const BOOKS: readonly Books[] = [
  { title: '10 tokens', transfer: 10_000_000, holder: 1_000_000, snapshot: 360 },
  { title: '1,000 tokens', transfer: 100_000_000, holder: 10_000_000, snapshot: 36_000 },
  { title: '100,000 tokens', transfer: 1_000_000_000, holder: 100_000_000, snapshot: 3_600_000 },
];

const HOUR_MICROS = 3_600e6;

/** The page with the figures of the kept report of `bench:scale`. @throws Error if the page has no place for them */
export function capacityPage(page: string, report: KeptReport): string {
  const [before, rest] = page.split(START);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) {
    throw new Error(`${CAPACITY_PAGE} has no lines between which the figures are`);
  }
  const { tables, command, day, commit, machine } = report;
  const parts = [
    ...tables.map(tableText),
    tableText(booksTable(tables)),
    tableText(requestsTable(tables)),
    `\`${command}\` on ${day} at ${commit}: ${machine}.`,
  ];
  return `${before}${START}\n\n${parts.join('\n\n')}\n\n${END}${after}`;
}

/** What such books take, by the slopes: disk, and work of the first index. */
function booksTable(tables: readonly Table[]): Table {
  const slopes = tableWith(tables, 'one more');
  const sum = (books: Books, column: string) =>
    (['transfer', 'holder', 'snapshot'] as const).reduce(
      (total, kind) => total + books[kind] * Math.max(0, figure(slopes, kind, column)),
      0,
    );
  return {
    title: 'What follows for books of that size, indexed from their first block by one process:',
    headings: [
      ...['books', 'transfers', 'holders', 'snapshots', 'GB of disk'],
      ...['CPU hours of the indexer', 'CPU hours of PostgreSQL', 'million calls'],
    ],
    rows: BOOKS.map((books) => [
      books.title,
      ...[books.transfer, books.holder, books.snapshot].map((count) => count.toLocaleString('en')),
      rounded(sum(books, 'bytes') / 1e9),
      rounded(sum(books, 'CPU µs of the indexer') / HOUR_MICROS),
      rounded(sum(books, 'CPU µs of PostgreSQL') / HOUR_MICROS),
      rounded(sum(books, 'calls') / 1e6),
    ]),
  };
}

/** A millisecond of CPU a request is a core for a thousand requests a second. */
function requestsTable(tables: readonly Table[]): Table {
  const servers = tableWith(tables, 'question');
  const [all, inDatabase] = ['CPU ms of a request', 'of it in PostgreSQL'].map((heading) =>
    servers.headings.indexOf(heading),
  );
  const seen = new Set<string>();
  const first = servers.rows.filter(([question = '']) => !seen.has(question) && seen.add(question));
  return {
    title: 'Cores for 1,000 requests a second:',
    headings: ['question', 'API servers', 'PostgreSQL'],
    rows: first.map((row) => {
      const [total, ofIt] = [Number(row[all ?? -1]), Number(row[inDatabase ?? -1])];
      return [row[0] ?? '', (total - ofIt).toFixed(2), ofIt.toFixed(2)];
    }),
  };
}

function tableWith(tables: readonly Table[], heading: string): Table {
  const found = tables.find(({ headings }) => headings[0] === heading);
  if (found === undefined) throw new Error(`the report of bench:scale has no table "${heading}"`);
  return found;
}

function figure({ headings, rows }: Table, name: string, column: string): number {
  return Number(rows.find(([first]) => first === name)?.[headings.indexOf(column)]);
}

/** Two digits that count: the model knows no more. */
function rounded(value: number): string {
  return Number(value.toPrecision(2)).toLocaleString('en');
}
