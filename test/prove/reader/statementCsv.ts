import { parse } from 'csv-parse/sync';
import { coinOf, smallestUnits } from './amounts.js';
import type { Draw } from './draw.js';
import type { FigureSheet } from './figures.js';
import { putStatedToken, type StatedRevenue, type StatedToken } from './statementJson.js';
import type { Coin } from './world.js';
import { decimalSum } from './worth.js';

type Cells = Readonly<Record<string, string>>;

const ACCOUNTS = ['accruing', 'claimable', 'claimed', 'redeemed', 'expired'] as const;

/** Reads the lines of a statement as CSV, in whole coins. */
export function putCsvStatement(
  sheet: FigureSheet,
  draw: Draw,
  {
    holder,
    text,
    coins,
  }: {
    readonly holder: string;
    readonly text: string;
    readonly coins: ReadonlyMap<string, Coin>;
  },
): void {
  const lines = (parse(text, { columns: true }) as Cells[]).filter(
    ({ token, part }) => token?.toLowerCase() === draw.token.address && part !== 'sale',
  );
  putStatedToken(sheet, draw, holder, statedToken(lines, draw, coins));
}

function statedToken(
  lines: readonly Cells[],
  draw: Draw,
  coins: ReadonlyMap<string, Coin>,
): StatedToken {
  const { decimals } = coinOf(coins, draw.token.address);
  const tokens = lines.filter(({ part }) => part === 'tokens');
  const amount = ({ tokens: text }: Cells) => smallestUnits(text || '0', decimals);
  const one = (line: string) => tokens.find((cells) => cells.line === line) ?? {};
  return {
    token: draw.token.address,
    opening: amount(one('opening')),
    closing: amount(one('closing')),
    movements: tokens
      .filter(({ line }) => line === 'movement')
      .map((cells) => ({ change: amount(cells) })),
    revenue: draw.token.assets.flatMap((asset) => {
      const ofAsset = lines.filter(
        (cells) => cells.part === 'revenue' && cells.asset?.toLowerCase() === asset,
      );
      return ofAsset.length === 0 ? [] : [statedRevenue(ofAsset, asset, coins, draw.currency)];
    }),
  };
}

function statedRevenue(
  lines: readonly Cells[],
  asset: string,
  coins: ReadonlyMap<string, Coin>,
  currency: string,
): StatedRevenue {
  const { decimals } = coinOf(coins, asset);
  const standing = (cells: Cells | undefined) => {
    const of = (name: (typeof ACCOUNTS)[number]) => smallestUnits(cells?.[name] || '0', decimals);
    return {
      accruing: of('accruing'),
      claimable: of('claimable'),
      claimed: of('claimed'),
      redeemed: of('redeemed'),
      expired: of('expired'),
    };
  };
  const value = `value_${currency.toLowerCase()}`;
  const sums = ['claim', 'redemption'].map((kind) => {
    const values = lines
      .filter((cells) => cells.kind === kind)
      .map((cells) => cells[value] || null);
    const known = values.filter((one) => one !== null);
    const amount = known.length === 0 ? null : decimalSum(known);
    return { kind, amount, missing: values.length - known.length };
  });
  return {
    asset,
    values: { sums },
    opening: standing(lines.find(({ line }) => line === 'opening')),
    closing: standing(lines.find(({ line }) => line === 'closing')),
    movements: lines
      .filter(({ line }) => line === 'movement')
      .map((cells) => ({
        kind: cells.kind ?? '',
        snapshotId: cells.snapshot_id ? Number(cells.snapshot_id) : null,
        changes: standing(cells),
      })),
  };
}
