import { formatTable, type TableColumn } from '../../textTable.js';
import { formatCount } from '../output/rate.js';
import { compareAmounts, ether, hundredths, sharesOf } from './amounts.js';
import type { DemoNames } from './names.js';
import type { DemoAnswer, DemoRevenue } from './query.js';

type Token = DemoAnswer['tokens'][number];

interface RevenueRow {
  /** Empty below the first row of a token. */
  readonly symbol: string;
  readonly source: string;
  readonly from: string;
  readonly receipts: number;
  readonly amountWei: bigint;
  /** Hundredths of a percent of the token's revenue. */
  readonly share: bigint;
}

/** From the business of the offering to what nobody can explain. */
const SOURCES = ['ORACLE', 'COLLECTION', 'SALE', 'KNOWN', 'UNKNOWN', 'UNTRACED'];

const COLUMNS: readonly TableColumn<RevenueRow>[] = [
  { title: 'TOKEN', cell: ({ symbol }) => symbol },
  { title: 'SOURCE', cell: ({ source }) => source },
  { title: 'FROM', cell: ({ from }) => from },
  { title: 'RECEIPTS', align: 'right', cell: ({ receipts }) => formatCount(receipts) },
  { title: 'REVENUE', align: 'right', cell: ({ amountWei }) => ether(amountWei) },
  { title: 'SHARE', align: 'right', cell: ({ share }) => `${hundredths(share)} %` },
];

/** Every token's revenue by source, the greatest of each kind first, and its sum. */
export function revenueTable(tokens: readonly Token[], names: DemoNames): string {
  return formatTable(
    COLUMNS,
    tokens.flatMap((token) => rowsOf(token, names)),
  );
}

function rowsOf({ symbol, revenue }: Token, names: DemoNames): RevenueRow[] {
  const sorted = [...revenue].sort(
    (one, other) =>
      SOURCES.indexOf(one.source) - SOURCES.indexOf(other.source) ||
      compareAmounts(other.amountWei, one.amountWei),
  );
  const shares = sharesOf(sorted.map(({ amountWei }) => amountWei));
  const rows = sorted.map(
    (group, index): RevenueRow => ({
      symbol: index === 0 ? symbol : '',
      source: group.source.toLowerCase(),
      from: originOf(group, names),
      receipts: group.receipts,
      amountWei: group.amountWei,
      share: shares[index] ?? 0n,
    }),
  );
  const total = {
    symbol: rows.length === 0 ? symbol : '',
    source: 'all',
    from: '',
    receipts: rows.reduce((sum, { receipts }) => sum + receipts, 0),
    amountWei: rows.reduce((sum, { amountWei }) => sum + amountWei, 0n),
    share: shares.reduce((sum, share) => sum + share, 0n),
  };
  return [...rows, total];
}

function originOf({ source, sourceAddress, modelId }: DemoRevenue, names: DemoNames): string {
  if (modelId !== null) return `${names.model(modelId)} (model ${modelId})`;
  if (sourceAddress !== null) return names.address(sourceAddress);
  return source === 'UNTRACED' ? 'no call explains it' : 'other senders';
}
