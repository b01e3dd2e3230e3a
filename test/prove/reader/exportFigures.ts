import type { Draw } from './draw.js';
import { type FigureSheet, inWindow, NATIVE } from './figures.js';
import {
  atBlock,
  burnedFor,
  HOLDER_FIGURES,
  HOLDER_SUMS,
  ofHolder,
  ofShare,
  ofToken,
  SHARE_FIGURES,
  Sums,
  TOKEN_SUMS,
  TOKENS,
  within,
} from './subjects.js';
import { BURN_WORTH, HOLDER_WORTH, putWorth, TOKEN_WORTH } from './worth.js';

/** A row of an export, as texts. */
export type ExportedCells = Readonly<Record<string, string | null>>;

/** Options of an export, as texts. */
export type ExportOptions = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Reads a dataset in one of its formats, in one of its ways. */
export type ReadDataset = (dataset: string, options: ExportOptions) => Promise<ExportedCells[]>;

/** What `readHolderExports` says. */
export const HOLDER_EXPORT_FIGURES = [
  'balance',
  'balance at snapshot',
  ...HOLDER_FIGURES,
  ...SHARE_FIGURES,
] as const;

/** What `readExports` says. */
export const EXPORT_FIGURES = [
  ...new Set([...HOLDER_EXPORT_FIGURES, ...HOLDER_SUMS, ...TOKEN_SUMS]),
  'held',
  ...inWindow([...HOLDER_SUMS, ...TOKEN_SUMS]),
  ...HOLDER_WORTH,
  ...BURN_WORTH,
  ...TOKEN_WORTH,
] as const;

const HELD = /^(new-revenue|redeemable|claimable\/.*|upstream\/.*|escrow)$/;

/** All figures that the datasets of a token have. */
export async function readExports(
  read: ReadDataset,
  draw: Draw,
  sheet: FigureSheet,
): Promise<void> {
  const { after, until } = draw;
  const token = draw.token.address;
  const to = until.end ?? undefined;
  await readHolderExports(read, draw, sheet);
  const range = { token, from: after.begin, to };
  await putOperations(read, range, draw, within(draw), sheet);
  await putOperations(read, { token, to }, draw, atBlock(until.block), sheet);
  putJournal(await read('journal', { token, to }), draw, sheet);
}

/** The figures of holders at the end of the window. */
export async function readHolderExports(
  read: ReadDataset,
  draw: Draw,
  sheet: FigureSheet,
): Promise<void> {
  const options = {
    token: draw.token.address,
    holder: draw.holders,
    at: draw.until.end ?? undefined,
  };
  putHolders(await read('holders', options), draw, sheet);
  putShares(await read('entitlements', options), draw, sheet);
}

function putHolders(rows: readonly ExportedCells[], draw: Draw, sheet: FigureSheet): void {
  for (const holder of draw.holders) {
    const of = ofHolder(draw, holder, atBlock(draw.until.block));
    for (const asset of draw.token.assets) {
      const row = rows.find((one) => one.holder === holder && one.asset === asset);
      for (const name of HOLDER_FIGURES) sheet.put({ ...of, asset, name }, row?.[name] ?? '0');
      if (asset === NATIVE || row !== undefined) {
        sheet.put({ ...of, asset: TOKENS, name: 'balance' }, row?.balance ?? '0');
      }
    }
  }
}

function putShares(rows: readonly ExportedCells[], draw: Draw, sheet: FigureSheet): void {
  for (const row of rows) {
    const { holder, snapshot_id: id, asset } = row;
    if (holder == null || id == null || asset == null) throw new Error('a share of nobody');
    const of = ofShare(draw, holder, id, atBlock(draw.until.block));
    sheet.put({ ...of, asset: TOKENS, name: 'balance at snapshot' }, row.balance_at ?? '');
    sheet.put({ ...of, asset, name: 'share' }, row.share ?? '');
    sheet.put({ ...of, asset, name: 'snapshot claimable' }, row.claimable ?? '');
    sheet.put({ ...of, asset, name: 'snapshot claimed' }, row.claimed ?? '');
  }
}

async function putOperations(
  read: ReadDataset,
  options: ExportOptions,
  draw: Draw,
  moment: string,
  sheet: FigureSheet,
): Promise<void> {
  const isWindow = moment === within(draw);
  const priced = isWindow ? { ...options, currency: draw.currency } : options;
  const receipts = await read('receipts', priced);
  const claims = await read('claims', priced);
  const burns = await read('redemptions', priced);
  const valuesOf = (rows: readonly ExportedCells[]) =>
    rows.map((row) => ({
      amount: BigInt(row.amount ?? ''),
      value: row[`value_${draw.currency.toLowerCase()}`] ?? null,
    }));
  const { holders } = draw;
  const transfers = await read('transfers', { ...options, holder: holders });
  for (const asset of draw.token.assets) {
    const ofAsset = (rows: readonly ExportedCells[]) => rows.filter((row) => row.asset === asset);
    const of = { ...ofToken(draw, moment), asset };
    sheet.put({ ...of, name: 'received' }, sumOf(ofAsset(receipts), 'amount'));
    sheet.put({ ...of, name: 'paid by claims' }, sumOf(ofAsset(claims), 'amount'));
    sheet.put({ ...of, name: 'paid by burns' }, sumOf(ofAsset(burns), 'amount'));
    sheet.put({ ...of, name: 'receipts' }, ofAsset(receipts).length);
    sheet.put({ ...of, name: 'claims' }, ofAsset(claims).length);
    sheet.put({ ...of, name: 'redemptions' }, ofAsset(burns).length);
    if (isWindow) {
      const what = { subject: of.subject, asset, what: 'receipts' } as const;
      putWorth(sheet, draw, what, valuesOf(ofAsset(receipts)));
    }
    for (const holder of holders) {
      const own = (rows: readonly ExportedCells[]) =>
        ofAsset(rows).filter((row) => row.holder === holder);
      const ofOne = { ...ofHolder(draw, holder, moment), asset };
      sheet.put({ ...ofOne, name: 'claimed' }, sumOf(own(claims), 'amount'));
      sheet.put({ ...ofOne, name: 'redeemed' }, sumOf(own(burns), 'amount'));
      sheet.put({ ...ofOne, asset: burnedFor(asset), name: 'burned' }, sumOf(own(burns), 'burned'));
      if (!isWindow) continue;
      const { subject } = ofOne;
      putWorth(sheet, draw, { subject, asset, what: 'claims' }, valuesOf(own(claims)));
      putWorth(sheet, draw, { subject, asset, what: 'burns' }, valuesOf(own(burns)));
    }
  }
  for (const holder of holders) {
    const of = { ...ofHolder(draw, holder, moment), asset: TOKENS };
    // What an account sends to itself neither comes nor goes.
    const moved = transfers.filter(({ from_address: from, to_address: to }) => from !== to);
    const incoming = moved.filter(({ to_address: to }) => to === holder);
    const outgoing = moved.filter(({ from_address: from }) => from === holder);
    const [came, went] = [sumOf(incoming, 'amount'), sumOf(outgoing, 'amount')];
    sheet.put({ ...of, name: 'tokens in' }, came);
    sheet.put({ ...of, name: 'tokens out' }, went);
    if (moment.startsWith('at')) sheet.put({ ...of, name: 'balance' }, came - went);
  }
}

/** The held accounts of a token's journal are what it has: docs/accounting.md. */
function putJournal(rows: readonly ExportedCells[], draw: Draw, sheet: FigureSheet): void {
  const sums = new Sums(draw.token.assets);
  for (const { contract, asset, account, amount } of rows) {
    if (contract !== draw.token.address || !HELD.test(account ?? '')) continue;
    sums.add(asset ?? '', amount ?? '');
  }
  const of = ofToken(draw, atBlock(draw.until.block));
  for (const [asset, sum] of sums.entries()) sheet.put({ ...of, asset, name: 'held' }, sum);
}

function sumOf(rows: readonly ExportedCells[], column: string): bigint {
  return rows.reduce((sum, row) => sum + BigInt(row[column] ?? ''), 0n);
}
