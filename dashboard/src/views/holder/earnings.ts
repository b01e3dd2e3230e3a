import { MOST_SERIES, REST_MARK } from '../../charts/marks.js';
import { groupedBy } from '../../format/grouped.js';
import type { EarnedByMonthQuery } from '../../ledger/generated/holder.js';
import type { Source } from '../offering/sources.js';
import { type OwedAsset, type OwedToken, sumOf } from './owed.js';

type Step = NonNullable<EarnedByMonthQuery['personSeries']>[number];
type StepSource = Step['sources'][number];

/** What a person earned in one asset of one token. */
export interface Earning {
  readonly chainId: number;
  readonly token: string;
  /** `null`: the chain's own coin. */
  readonly asset: string | null;
  readonly steps: readonly Step[];
}

/** Tokens of one asset that are asked for. */
const TOKENS_AT_MOST = 5;
/** Burns and what has no name of its own have a part each. */
const SOURCES_AT_MOST = MOST_SERIES - 2;

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

/** One part of the columns: the shares of the revenue of a source, and what burns paid. */
export type EarnedSeries =
  | {
      readonly kind: 'source';
      readonly token: string;
      readonly source: Source;
      readonly label: string | null;
      readonly mark: number;
    }
  | { readonly kind: 'rest'; readonly mark: number }
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
    const parts = same.flatMap(partsOf);
    const bySource = groupedBy(
      parts.filter(({ source }) => source.source != null),
      ({ key }) => key,
    );
    const own = [...bySource.values()]
      .toSorted((a, b) => compare(sumOf(b, amountOf), sumOf(a, amountOf)))
      .slice(0, SOURCES_AT_MOST);
    const named = new Set(own.flat());
    const rest = parts.filter((part) => !named.has(part));
    const groups = rest.length === 0 ? own : [...own, rest];
    const months = [
      ...new Set(same.flatMap(({ steps }) => steps.map(({ from }) => monthOf(from)))),
    ].toSorted();
    const redeemed = same.flatMap(({ steps }) => steps).filter((step) => step.redeemedWei > 0n);
    const hasBurned = redeemed.length > 0;
    const columns = months.map((name) => ({
      name,
      values: [
        ...groups.map((group) =>
          sumOf(
            group.filter(({ month }) => month === name),
            amountOf,
          ),
        ),
        ...(hasBurned
          ? [
              sumOf(
                redeemed.filter(({ from }) => monthOf(from) === name),
                ({ redeemedWei }) => redeemedWei,
              ),
            ]
          : []),
      ],
    }));
    const start = columns.findIndex(({ values }) => values.some((value) => value > 0n));
    return [
      {
        chainId: first.chainId,
        asset: first.asset,
        columns: columns.slice(Math.max(0, start)),
        series: seriesOf(own, rest.length > 0, hasBurned),
      },
    ];
  });
}

/** What a month earned of one source of one token. */
interface Part {
  readonly key: string;
  readonly token: string;
  readonly month: string;
  readonly source: StepSource;
}

function partsOf({ token, steps }: Earning): Part[] {
  return steps.flatMap(({ from, sources }) =>
    sources.map((source) => ({
      key: `${token} ${source.source} ${source.sourceAddress} ${source.modelId}`,
      token,
      month: monthOf(from),
      source,
    })),
  );
}

function seriesOf(
  own: readonly (readonly Part[])[],
  hasRest: boolean,
  hasBurned: boolean,
): EarnedSeries[] {
  const marks = Array.from({ length: MOST_SERIES }, (_, mark) => mark).filter(
    (mark) => mark !== REST_MARK,
  );
  const named = own.flatMap(([part], index): EarnedSeries[] => {
    if (part?.source.source == null) return [];
    const { source, sourceAddress, sourceLabel, modelId } = part.source;
    return [
      {
        kind: 'source',
        token: part.token,
        source: { source, address: sourceAddress ?? null, modelId: modelId ?? null },
        label: sourceLabel ?? null,
        mark: marks[index] ?? REST_MARK,
      },
    ];
  });
  const rest = hasRest ? [{ kind: 'rest' as const, mark: REST_MARK }] : [];
  const burned = { kind: 'burned' as const, mark: marks.at(-1) ?? REST_MARK };
  return [...named, ...rest, ...(hasBurned ? [burned] : [])];
}

function amountOf({ source }: Part): bigint {
  return source.amountWei;
}

function monthOf(from: string): string {
  return from.slice(0, 7);
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
