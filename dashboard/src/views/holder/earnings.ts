import { groupedBy } from '../../format/grouped.js';
import type { EarnedByMonthQuery } from '../../ledger/generated/documents.js';
import type { OwedAsset, OwedToken } from './owed.js';

type Step = NonNullable<EarnedByMonthQuery['personSeries']>[number];

/** What a person earned in one asset of one token. */
export interface Earning {
  readonly chainId: number;
  readonly token: string;
  /** `null`: the chain's own coin. */
  readonly asset: string | null;
  readonly steps: readonly Step[];
}

/** A drawing cannot tell more tokens apart; one more part is for what burns paid. */
const TOKENS_AT_MOST = 5;

/** Which tokens and assets a drawing shows: those that earned most, of each asset. */
export function earningsOf(tokens: readonly OwedToken[]): {
  readonly asked: readonly { readonly token: OwedToken['token']; readonly asset: OwedAsset }[];
  /** So many more are left out. */
  readonly others: number;
} {
  const all = tokens
    .flatMap(({ token, assets }) => assets.map((asset) => ({ token, asset })))
    .filter(({ asset }) => asset.assigned + asset.redeemed > 0n);
  const byAsset = groupedBy(all, ({ token, asset }) => `${token.chainId} ${asset.address}`);
  const asked = [...byAsset.values()].flatMap((same) =>
    same
      .toSorted((a, b) =>
        compare(b.asset.assigned + b.asset.redeemed, a.asset.assigned + a.asset.redeemed),
      )
      .slice(0, TOKENS_AT_MOST),
  );
  return { asked, others: all.length - asked.length };
}

/** One part of the columns: the snapshots of a token, or what burns of all tokens paid. */
export type EarnedSeries =
  | { readonly kind: 'token'; readonly token: string; readonly mark: number }
  | { readonly kind: 'burned'; readonly mark: number };

/** The columns of one asset: a month each, the oldest first. */
export interface EarnedColumns {
  readonly chainId: number;
  readonly asset: string | null;
  readonly columns: readonly { readonly name: string; readonly values: readonly bigint[] }[];
  readonly series: readonly EarnedSeries[];
}

/** Puts series of tokens together: money of one asset of one chain is one drawing, from its first month on. */
export function earnedColumns(earnings: readonly Earning[]): EarnedColumns[] {
  const byAsset = groupedBy(earnings, ({ chainId, asset }) => `${chainId} ${asset}`);
  return [...byAsset.values()].flatMap((same): EarnedColumns[] => {
    const [first] = same;
    if (first === undefined) return [];
    const months = [
      ...new Set(same.flatMap(({ steps }) => steps.map((step) => step.from.slice(0, 7)))),
    ].toSorted();
    const inMonth = ({ steps }: Earning, month: string) =>
      steps.find(({ from }) => from.startsWith(month));
    const columns = months.map((name) => ({
      name,
      values: [
        ...same.map((one) => inMonth(one, name)?.assignedWei ?? 0n),
        same.reduce((sum, one) => sum + (inMonth(one, name)?.redeemedWei ?? 0n), 0n),
      ],
    }));
    const start = columns.findIndex(({ values }) => values.some((value) => value > 0n));
    const tokens = same.map(({ token }, mark) => ({ kind: 'token' as const, token, mark }));
    return [
      {
        chainId: first.chainId,
        asset: first.asset,
        columns: columns.slice(Math.max(0, start)),
        series: [...tokens, { kind: 'burned', mark: tokens.length }],
      },
    ];
  });
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
