import { checksummed } from '../../address.js';
import { formatTable } from '../../textTable.js';
import type { BookedPart, Deployment } from './deployment.js';

interface PartRow {
  readonly part: BookedPart;
  readonly here: BookedPart | undefined;
  readonly there: BookedPart | undefined;
}

/** What each side has in a block, where it is not the same. */
export async function describeBlock(
  ours: Deployment,
  theirs: Deployment,
  chainId: number,
  block: number,
): Promise<string> {
  const [here, there] = await Promise.all([
    ours.partsOf(chainId, block),
    theirs.partsOf(chainId, block),
  ]);
  const keyOf = ({ table, contract, asset }: BookedPart) => `${table} ${contract} ${asset ?? ''}`;
  const find = (parts: readonly BookedPart[], key: string) =>
    parts.find((part) => keyOf(part) === key);
  const keys = new Map([...here, ...there].map((part) => [keyOf(part), part]));
  const rows = [...keys]
    .map(([key, part]): PartRow => ({ part, here: find(here, key), there: find(there, key) }))
    .filter((row) => row.here?.digest !== row.there?.digest || row.here?.rows !== row.there?.rows);
  if (rows.length === 0) {
    return 'The rows of both sides are equal there: the block itself, its hash or time, differs.\n';
  }
  const shown = (part: BookedPart | undefined) =>
    part === undefined ? '–' : `${part.rows} rows ${part.digest.slice(0, 18)}…`;
  return formatTable<PartRow>(
    [
      { title: 'TABLE', cell: ({ part }) => part.table },
      { title: 'CONTRACT', cell: ({ part }) => checksummed(part.contract) },
      {
        title: 'ASSET',
        cell: ({ part }) => (part.asset === null ? 'native' : checksummed(part.asset)),
      },
      { title: ours.name.toUpperCase(), cell: (row) => shown(row.here) },
      { title: theirs.name.toUpperCase(), cell: (row) => shown(row.there) },
    ],
    rows,
  );
}
