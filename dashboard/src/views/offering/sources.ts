import { MOST_SERIES, REST_MARK } from '../../charts/marks.js';
import type { Column, Series } from '../../charts/stackedColumns.js';
import { groupedBy } from '../../format/grouped.js';
import type { IncomeSource, OfferingRevenueQuery } from '../../ledger/generated/offering.js';

export type SourceRow = NonNullable<OfferingRevenueQuery['receiptTotals']>[number];

/** Where money came from: an oracle's model, a collection, a sale, a payer with a name, or others. */
export interface Source {
  readonly source: IncomeSource;
  readonly address: string | null;
  readonly modelId: bigint | null;
}

/** The sources that are drawn by themselves, and the sums of each step. */
export interface SourceColumns {
  /** The largest first; `null`: all others together. */
  readonly sources: readonly (Source | null)[];
  readonly columns: readonly { readonly from: string; readonly values: readonly bigint[] }[];
}

/** Adds up what came in by step and source: the largest sources have a part of their own. */
export function sourceColumns(rows: readonly SourceRow[]): SourceColumns {
  const sums = new Map<string, bigint>();
  for (const row of rows) {
    const key = keyOf(row);
    sums.set(key, (sums.get(key) ?? 0n) + row.amountWei.sum);
  }
  const ordered = [...sums]
    .filter(([, sum]) => sum > 0n)
    .toSorted(([, a], [, b]) => (a < b ? 1 : a > b ? -1 : 0))
    .map(([key]) => key);
  const hasRest = ordered.length > MOST_SERIES;
  const own = hasRest ? ordered.slice(0, MOST_SERIES - 1) : ordered;
  const firstRows = new Map(rows.toReversed().map((row) => [keyOf(row), row]));
  const steps = groupedBy(rows, ({ from }) => from ?? '');
  return {
    sources: [...own.map((key) => sourceOf(firstRows.get(key))), ...(hasRest ? [null] : [])],
    columns: [...steps]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([from, parts]) => ({
        from,
        values: [
          ...own.map((key) => sumOf(parts.filter((part) => keyOf(part) === key))),
          ...(hasRest ? [sumOf(parts.filter((part) => !own.includes(keyOf(part))))] : []),
        ],
      })),
  };
}

/** Colours by rank; that of the rest is kept for it. */
export function seriesOf(
  sources: readonly (Source | null)[],
  nameOf: (source: Source | null) => string,
): Series[] {
  const marks = Array.from({ length: MOST_SERIES }, (_, mark) => mark).filter(
    (mark) => mark !== REST_MARK,
  );
  return sources.map((source, index) => ({
    name: nameOf(source),
    mark: source === null ? REST_MARK : (marks[index] ?? REST_MARK),
  }));
}

/** Columns with the names that an axis shows. */
export function namedColumns(
  columns: SourceColumns['columns'],
  nameOf: (from: string) => string,
): Column[] {
  return columns.map(({ from, values }) => ({ name: nameOf(from), values }));
}

function keyOf({ source, sourceAddress, modelId }: SourceRow): string {
  return `${source} ${sourceAddress ?? ''} ${modelId ?? ''}`;
}

function sourceOf(row: SourceRow | undefined): Source {
  return {
    source: row?.source ?? 'UNKNOWN',
    address: row?.sourceAddress ?? null,
    modelId: row?.modelId ?? null,
  };
}

function sumOf(rows: readonly SourceRow[]): bigint {
  return rows.reduce((sum, { amountWei }) => sum + amountWei.sum, 0n);
}
