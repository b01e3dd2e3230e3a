import { useEffect, useRef, useState } from 'preact/hooks';
import { type Placed, withdrawnRows } from './withdrawn.js';

/** So long a row that was taken back stays, struck through. */
const SHOWN_MS = 10_000;

/**
 * The rows that a reorg took back lately.
 *
 * @param rows as they are now; `null`: not known
 * @param limit so many rows are shown at most
 */
export function useWithdrawn<Row extends Placed>(
  key: string,
  rows: readonly Row[] | null,
  limit: number,
): readonly Row[] {
  const before = useRef<{ key: string; rows: readonly Row[] } | null>(null);
  const [withdrawn, setWithdrawn] = useState<{ key: string; rows: readonly Row[] }>({
    key,
    rows: [],
  });
  const timers = useRef(new Set<ReturnType<typeof setTimeout>>());
  useEffect(
    () => () => {
      for (const timer of timers.current) clearTimeout(timer);
    },
    [],
  );
  useEffect(() => {
    if (rows === null) return;
    const last = before.current;
    before.current = { key, rows };
    const gone = last?.key === key ? withdrawnRows(last.rows, rows, limit) : [];
    if (gone.length === 0) return;
    setWithdrawn((shown) => ({
      key,
      rows: [...(shown.key === key ? shown.rows : []), ...gone],
    }));
    const timer = setTimeout(() => {
      timers.current.delete(timer);
      setWithdrawn((shown) => ({
        ...shown,
        rows: shown.rows.filter((row) => !gone.includes(row)),
      }));
    }, SHOWN_MS);
    timers.current.add(timer);
  }, [key, rows]);
  if (withdrawn.key !== key) return [];
  const there = new Set(rows?.map(({ id }) => id));
  return withdrawn.rows.filter(({ id }) => !there.has(id));
}
