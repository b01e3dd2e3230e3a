import { readFile, rm } from 'node:fs/promises';
import { coinOf, smallestUnits } from '../amounts.js';
import type { Draw } from '../draw.js';
import type { ExportedCells, ExportOptions } from '../exportFigures.js';
import { type FigureSheet, inWindow, NATIVE } from '../figures.js';
import { burnedFor, ofHolder, within } from '../subjects.js';
import type { Surface } from '../surface.js';
import type { ReaderWorld } from '../world.js';
import { HOLDER_WORTH, putWorth } from '../worth.js';
import { csvRows, writeFileOf } from './exportFiles.js';

/** A row of a layout, in words that all layouts share. */
interface TaxRow {
  readonly received: string | null;
  readonly receivedCoin: string | null;
  readonly sent: string | null;
  readonly note: string;
  /** `null`: not known, or the layout has none. */
  readonly worth: string | null;
}

interface Layout {
  readonly surface: string;
  readonly datasets: readonly string[];
  readonly isPriced: boolean;
  readonly rowOf: (cells: ExportedCells) => TaxRow;
}

const LAYOUTS: readonly Layout[] = [
  {
    surface: 'tax file for Koinly',
    datasets: ['koinly'],
    isPriced: true,
    rowOf: (cells) => ({
      received: cells['Received Amount'] ?? null,
      receivedCoin: cells['Received Currency'] ?? null,
      sent: cells['Sent Amount'] ?? null,
      note: cells.Description ?? '',
      worth: cells['Net Worth Amount'] ?? null,
    }),
  },
  {
    surface: 'tax file for CoinTracking',
    datasets: ['cointracking'],
    isPriced: true,
    rowOf: (cells) => ({
      received: cells['Buy Amount'] ?? null,
      receivedCoin: cells['Buy Currency'] ?? null,
      sent: cells['Sell Amount'] ?? null,
      note: cells.Comment ?? '',
      worth: cells['Buy Value in Account Currency (optional)'] ?? null,
    }),
  },
  {
    surface: 'tax file for BittyTax',
    datasets: ['bittytax'],
    isPriced: true,
    rowOf: (cells) => ({
      received: cells['Buy Quantity'] ?? null,
      receivedCoin: cells['Buy Asset'] ?? null,
      sent: cells['Sell Quantity'] ?? null,
      note: cells.Note ?? '',
      worth: cells['Buy Value'] ?? null,
    }),
  },
  {
    surface: 'tax files for rotki',
    datasets: ['rotki-trades', 'rotki-events'],
    isPriced: false,
    rowOf: (cells) => {
      const isIncoming = cells.Type === 'Income' || cells.Type === 'Deposit';
      const event = { amount: cells.Amount ?? null, coin: cells.Currency ?? null };
      return {
        received: cells['Receive Amount'] ?? (isIncoming ? event.amount : null),
        receivedCoin: cells['Receive Currency'] ?? (isIncoming ? event.coin : null),
        sent: cells['Spend Amount'] ?? (isIncoming ? null : event.amount),
        note: cells.Description ?? '',
        worth: null,
      };
    },
  },
];

const CLAIM = /^claim of snapshot (\d+) of (0x[0-9a-f]{40})/;
const BURN = /^burned for revenue: (0x[0-9a-f]{40})/;

/** The layouts of tax programs: what claims and burns paid each holder in a window. */
export const taxFiles: readonly Surface[] = LAYOUTS.map((layout) => ({
  surface: layout.surface,
  names: [...inWindow(['claimed', 'redeemed', 'burned']), ...(layout.isPriced ? HOLDER_WORTH : [])],
  async read(world, draw, sheet) {
    const to = draw.until.end ?? undefined;
    for (const holder of draw.holders) {
      const rows = await rowsOf(world, layout, {
        ...{ holder, token: draw.token.address, from: draw.after.begin, to },
        currency: layout.isPriced ? draw.currency : undefined,
      });
      putRows(sheet, world, draw, holder, rows);
      if (layout.isPriced) putClaimWorth(sheet, world, draw, holder, rows);
    }
  },
}));

async function rowsOf(
  world: ReaderWorld,
  { datasets, rowOf }: Layout,
  options: ExportOptions,
): Promise<TaxRow[]> {
  const rows: TaxRow[] = [];
  for (const dataset of datasets) {
    const path = await writeFileOf(world, dataset, { ...options, format: 'csv' });
    rows.push(...csvRows(await readFile(path, 'utf8')).map(rowOf));
    await rm(path);
    await rm(`${path}.manifest.json`);
  }
  return rows;
}

function putRows(
  sheet: FigureSheet,
  world: ReaderWorld,
  draw: Draw,
  holder: string,
  rows: readonly TaxRow[],
): void {
  const { token } = draw;
  const of = ofHolder(draw, holder, within(draw));
  const burns = rows.filter(({ note }) => BURN.exec(note)?.[1] === token.address);
  const paid = (some: readonly TaxRow[], asset: string) => {
    const { decimals } = coinOf(world.coins, asset);
    return some
      .filter((row) => isPaidIn(world, draw, row, asset))
      .reduce((sum, { received }) => sum + smallestUnits(received ?? '0', decimals), 0n);
  };
  for (const asset of token.assets) {
    sheet.put({ ...of, asset, name: 'claimed' }, paid(claimsOf(rows, token.address), asset));
    sheet.put({ ...of, asset, name: 'redeemed' }, paid(burns, asset));
  }
  const { decimals } = coinOf(world.coins, token.address);
  // Only the row of the trade, or of the loss, has the tokens.
  const burned = burns.reduce((sum, { sent }) => sum + smallestUnits(sent ?? '0', decimals), 0n);
  sheet.put({ ...of, asset: burnedFor(NATIVE), name: 'burned' }, burned);
}

function claimsOf(rows: readonly TaxRow[], token: string): TaxRow[] {
  return rows.filter(({ note }) => CLAIM.exec(note)?.[2] === token);
}

function isPaidIn(
  { coins }: ReaderWorld,
  { token }: Draw,
  { receivedCoin }: TaxRow,
  asset: string,
): boolean {
  if (receivedCoin === null) return false;
  const coin = receivedCoin.toLowerCase().replace(/^eip155:\d+\/erc20:/, '');
  if (coin === asset) return true;
  const named = token.assets.filter(
    (one) => coinOf(coins, one).symbol.toLowerCase() === coin && (one !== NATIVE || coin === 'eth'),
  );
  if (named.length > 1) throw new Error(`"${receivedCoin}" may be any of ${named.join(', ')}`);
  return named[0] === asset;
}

function putClaimWorth(
  sheet: FigureSheet,
  world: ReaderWorld,
  draw: Draw,
  holder: string,
  rows: readonly TaxRow[],
): void {
  const { subject } = ofHolder(draw, holder, '');
  for (const asset of draw.token.assets) {
    const claims = claimsOf(rows, draw.token.address).filter((row) =>
      isPaidIn(world, draw, row, asset),
    );
    // A row without an amount there is none.
    const values = claims.map(({ worth: value }) => ({ amount: 1n, value }));
    putWorth(sheet, draw, { subject, asset, what: 'claims' }, values);
  }
}
