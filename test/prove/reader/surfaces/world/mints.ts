import { ask, askRows } from '../../answers.js';
import type { Draw } from '../../draw.js';
import { duckRows } from '../../duckRows.js';
import { type FigureSheet, NATIVE } from '../../figures.js';
import { atBlock, Sums, within } from '../../subjects.js';
import type { Surface } from '../../surface.js';
import { writeFileOf } from '../exportFiles.js';

const MINT_FIGURES = ['mints', 'minted', 'mint paid', 'mint revenue'] as const;

const TOTALS = `query ($chainId: SafeInt!, $where: MintWhere) {
  mintTotals(filter: { chainId: $chainId }, where: $where, groupBy: [COLLECTION]) {
    collection count mintCount { sum } paidWei { sum } revenueWei { sum } } }`;
const MINTS = `query ($chainId: SafeInt!, $where: MintWhere, $first: Int, $after: String) {
  rows: mints(filter: { chainId: $chainId }, where: $where, first: $first, after: $after) {
    nodes { collection { address } mintCount paidWei revenueWei } pageInfo { hasNextPage endCursor } } }`;

type Values = Readonly<Record<(typeof MINT_FIGURES)[number], string | number | bigint>>;

function put(sheet: FigureSheet, collection: string, moment: string, values: Values): void {
  const of = { subject: `collection ${collection.toLowerCase()}`, moment, asset: NATIVE };
  for (const name of MINT_FIGURES) sheet.put({ ...of, name }, values[name]);
}

/** Until the end of the window, and in it. */
function rangesOf(draw: Draw) {
  const { after, until } = draw;
  return [
    { moment: atBlock(until.block), where: until.until, from: undefined },
    { moment: within(draw), where: { _and: [after.later, until.until] }, from: after.begin },
  ];
}

const NAMES = [...MINT_FIGURES, ...MINT_FIGURES.map((name) => `${name} in a window`)];

/** What mints of collections brought. */
export const mintSurfaces: readonly Surface[] = [
  {
    surface: 'GraphQL mint totals',
    names: NAMES,
    async read({ url, chain: { chainId } }, draw, sheet) {
      for (const { moment, where } of rangesOf(draw)) {
        type Sum = { readonly sum: string };
        const { mintTotals } = await ask<{
          mintTotals: readonly {
            readonly collection: string;
            readonly count: number;
            readonly mintCount: Sum;
            readonly paidWei: Sum;
            readonly revenueWei: Sum;
          }[];
        }>(url, TOTALS, { chainId, where });
        for (const { collection, count, mintCount, paidWei, revenueWei } of mintTotals) {
          put(sheet, collection, moment, {
            mints: count,
            minted: mintCount.sum,
            'mint paid': paidWei.sum,
            'mint revenue': revenueWei.sum,
          });
        }
      }
    },
  },
  {
    surface: 'GraphQL mints',
    names: NAMES,
    async read({ url, chain: { chainId } }, draw, sheet) {
      for (const { moment, where } of rangesOf(draw)) {
        const rows = await askRows<{
          readonly collection: { readonly address: string };
          readonly mintCount: string;
          readonly paidWei: string;
          readonly revenueWei: string;
        }>(url, MINTS, { chainId, where });
        const [count, minted, paid, revenue] = [new Sums(), new Sums(), new Sums(), new Sums()];
        for (const { collection, mintCount, paidWei, revenueWei } of rows) {
          count.add(collection.address, 1n);
          minted.add(collection.address, mintCount);
          paid.add(collection.address, paidWei);
          revenue.add(collection.address, revenueWei);
        }
        for (const [address, mints] of count.entries()) {
          put(sheet, address, moment, {
            mints,
            minted: minted.get(address),
            'mint paid': paid.get(address),
            'mint revenue': revenue.get(address),
          });
        }
      }
    },
  },
  {
    surface: 'DuckDB over mints',
    names: NAMES,
    async read(world, draw, sheet) {
      for (const { moment, from } of rangesOf(draw)) {
        const options = { from, to: draw.until.end ?? undefined, format: 'parquet' };
        const file = await writeFileOf(world, 'mints', options);
        const rows = await duckRows(
          `SELECT collection, count(*) AS mints, sum(mint_count::HUGEINT)::VARCHAR AS minted,
             sum(paid::HUGEINT)::VARCHAR AS paid, sum(revenue::HUGEINT)::VARCHAR AS revenue
           FROM read_parquet($file) GROUP BY ALL`,
          { file },
        );
        for (const { collection, mints, minted, paid, revenue } of rows) {
          put(sheet, collection ?? '', moment, {
            mints: mints ?? '',
            minted: minted ?? '',
            'mint paid': paid ?? '',
            'mint revenue': revenue ?? '',
          });
        }
      }
    },
  },
];
