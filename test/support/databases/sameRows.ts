import { dumpTables } from './tables.js';

/** How the rows of two databases differ. */
export interface RowComparison {
  /** Tables with rows. */
  readonly tables: number;
  readonly rows: number;
  readonly differences: readonly string[];
}

/** Compares all tables of the books row for row; equal rows give equal figures. */
export async function compareRows(foundUrl: string, expectedUrl: string): Promise<RowComparison> {
  const [found, expected] = [await dumpTables(foundUrl), await dumpTables(expectedUrl)];
  let [tables, rows] = [0, 0];
  const differences: string[] = [];
  for (const [table, lines] of Object.entries(expected)) {
    const others = found[table] ?? [];
    if (lines.length > 0) tables += 1;
    rows += lines.length;
    differences.push(...onlyIn(others, lines).map((row) => `${table}: too much ${row}`));
    differences.push(...onlyIn(lines, others).map((row) => `${table}: missing ${row}`));
  }
  return { tables, rows, differences };
}

/** Rows of one list that the other has not, or not as often. */
export function onlyIn(rows: readonly string[], others: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const row of others) counts.set(row, (counts.get(row) ?? 0) + 1);
  return rows.filter((row) => {
    const left = counts.get(row) ?? 0;
    counts.set(row, left - 1);
    return left <= 0;
  });
}
