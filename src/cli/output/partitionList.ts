import { type Address, checksummed } from '../../address.js';
import type { DetachedToken } from '../../store/partitions/detached.js';
import {
  byRange,
  type ListedPartition,
  type NumberedToken,
  type RangeOfPartitions,
} from '../../store/partitions/listPartitions.js';
import { formatTable } from '../../textTable.js';
import { formatCount } from './rate.js';

/** Tokens that a line names. */
const TOKENS_SHOWN = 2;

interface Found {
  readonly partitions: readonly ListedPartition[];
  readonly tokens: readonly NumberedToken[];
  readonly detached: readonly DetachedToken[];
}

/** The partitions as a table, a line for each range of numbers, and the detached tokens. */
export function partitionList({ partitions, tokens, detached }: Found): string {
  const table = formatTable<RangeOfPartitions>(
    [
      {
        title: 'numbers',
        cell: ({ from, to }) => (to === from + 1 ? `${from}` : `${from}-${to - 1}`),
      },
      { title: 'tables', align: 'right', cell: (range) => String(range.partitions.length) },
      { title: 'rows', align: 'right', cell: rowsOf },
      {
        title: 'MB',
        align: 'right',
        cell: (range) => formatCount(sum(range.partitions.map(({ bytes }) => bytes)) / 1e6),
      },
      { title: 'tablespace', cell: tablespacesOf },
      { title: 'tokens', cell: (range) => tokensOf(range, tokens) },
    ],
    byRange(partitions),
  );
  const apart = detached.map(
    ({ address, chainId, detachedAt, partitions: own }) =>
      `detached: ${checksummed(address)} on chain ${chainId} since ${detachedAt.toISOString()}, ` +
      `${formatCount(sum(own.map(({ rows }) => rows)))} rows\n`,
  );
  return table + apart.join('');
}

/** An estimate. What was never analysed is left out, and the sum is a lower bound. */
function rowsOf({ partitions }: RangeOfPartitions): string {
  const known = partitions.flatMap(({ rows }) => (rows === null ? [] : [rows]));
  if (known.length === 0) return '?';
  return `${known.length < partitions.length ? '≥ ' : ''}${formatCount(sum(known))}`;
}

function tablespacesOf({ partitions }: RangeOfPartitions): string {
  return [...new Set(partitions.map(({ tablespace }) => tablespace ?? 'default'))].join(', ');
}

function tokensOf({ from, to }: RangeOfPartitions, tokens: readonly NumberedToken[]): string {
  const own = tokens.filter(({ number }) => from <= number && number < to);
  const names = [...new Set(own.map(({ address }) => checksummed(address as Address)))];
  const more = names.length - TOKENS_SHOWN;
  return `${names.slice(0, TOKENS_SHOWN).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
