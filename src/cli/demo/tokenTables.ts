import { formatTable, type TableColumn } from '../../textTable.js';
import { formatCount } from '../output/rate.js';
import { compareAmounts, ether } from './amounts.js';
import type { DemoAnswer, DemoToken } from './query.js';

/** What one account can claim now. */
export interface HolderLine {
  readonly address: string;
  /** By token, in wei. */
  readonly claimableWei: readonly bigint[];
  readonly totalWei: bigint;
}

const TOKEN_COLUMNS: readonly TableColumn<DemoToken>[] = [
  { title: 'TOKEN', cell: ({ symbol }) => symbol },
  { title: 'NAME', cell: ({ name }) => name },
  { title: 'POLICY', cell: ({ policy }) => `${policy.name} ${policy.percentClaimable} %` },
  { title: 'HOLDERS', align: 'right', cell: ({ holders }) => formatCount(holders.totalCount) },
  {
    title: 'SNAPS',
    align: 'right',
    cell: ({ lastSnapshot }) => formatCount(lastSnapshot?.snapshotId ?? 0),
  },
  { title: 'RECEIVED', align: 'right', cell: ({ receivedWei }) => ether(receivedWei) },
  { title: 'CLAIMED', align: 'right', cell: ({ claimedWei }) => ether(claimedWei) },
  { title: 'CLAIMABLE', align: 'right', cell: ({ pools }) => ether(pools.claimableWei) },
];

export function tokensTable(tokens: readonly DemoToken[]): string {
  return formatTable(TOKEN_COLUMNS, tokens);
}

/** What each holder can claim of every token. */
export function holdersTable(tokens: readonly DemoToken[], rows: readonly HolderLine[]): string {
  const columns: readonly TableColumn<HolderLine>[] = [
    { title: 'HOLDER', cell: ({ address }) => address },
    ...tokens.map(
      ({ symbol }, index): TableColumn<HolderLine> => ({
        title: symbol,
        align: 'right',
        cell: ({ claimableWei }) => ether(claimableWei[index] ?? 0n),
      }),
    ),
    { title: 'TOGETHER', align: 'right', cell: ({ totalWei }) => ether(totalWei) },
  ];
  return formatTable(columns, rows);
}

/**
 * Every holder of any token, the one with the most to claim first. Sales are left out: what they
 * hold is not theirs, and they never claim.
 */
export function holdersByClaimable({ tokens, sales }: DemoAnswer): HolderLine[] {
  const byToken = tokens.map(
    ({ holders }) =>
      new Map(holders.nodes.map((node) => [node.address, node.entitlement.totalClaimableWei])),
  );
  const addresses = new Set(byToken.flatMap((claimable) => [...claimable.keys()]));
  for (const { address } of sales) addresses.delete(address);
  return [...addresses]
    .map((address) => {
      const claimableWei = byToken.map((claimable) => claimable.get(address) ?? 0n);
      return {
        address,
        claimableWei,
        totalWei: claimableWei.reduce((sum, part) => sum + part, 0n),
      };
    })
    .sort((one, other) => compareAmounts(other.totalWei, one.totalWei));
}
