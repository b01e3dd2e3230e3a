import type { Draw } from './draw.js';
import type { FigureSheet } from './figures.js';
import { atBlock, ofHolder, ofShare, Sums, TOKENS, within } from './subjects.js';
import { putWorthSum } from './worth.js';

const ACCOUNTS = ['accruing', 'claimable', 'claimed', 'redeemed', 'expired'] as const;
type Standing = Readonly<Record<(typeof ACCOUNTS)[number], string | bigint>>;

/** What a statement shows of one asset of a token. */
export interface StatedRevenue {
  readonly asset: string;
  readonly opening: Standing;
  readonly closing: Standing;
  readonly movements: readonly {
    readonly kind: string;
    readonly snapshotId: number | null;
    readonly changes: Partial<Standing>;
  }[];
  /** What movements of each kind were worth; `undefined`: it says none. */
  readonly values?: { readonly sums: readonly StatedWorth[] };
}

export interface StatedWorth {
  readonly kind: string;
  readonly amount: string | null;
  readonly missing: number;
}

/** What a statement shows of one token. */
export interface StatedToken {
  readonly token: string;
  readonly opening: string | bigint;
  readonly closing: string | bigint;
  readonly movements: readonly { readonly change: string | bigint }[];
  readonly revenue: readonly StatedRevenue[];
}

const ZERO: Standing = { accruing: 0n, claimable: 0n, claimed: 0n, redeemed: 0n, expired: 0n };

export function putJsonStatement(
  sheet: FigureSheet,
  draw: Draw,
  { holder, text }: { readonly holder: string; readonly text: string },
): void {
  const { tokens } = JSON.parse(text) as { readonly tokens: readonly StatedToken[] };
  putStatedToken(sheet, draw, holder, ofToken(tokens, draw.token.address));
}

function ofToken(tokens: readonly StatedToken[], address: string): StatedToken {
  const stated = tokens.find(({ token }) => token.toLowerCase() === address);
  return stated ?? { token: address, opening: 0n, closing: 0n, movements: [], revenue: [] };
}

/** Opening and closing, the closing again as the sum of opening and movements, and what moved. */
export function putStatedToken(
  sheet: FigureSheet,
  draw: Draw,
  holder: string,
  stated: StatedToken,
): void {
  const opening = ofHolder(draw, holder, atBlock(draw.after.block));
  const closing = ofHolder(draw, holder, atBlock(draw.until.block));
  const balance = { name: 'balance', asset: TOKENS };
  sheet.put({ ...opening, ...balance }, stated.opening);
  sheet.put({ ...closing, ...balance }, stated.closing);
  const moved = new Sums(['tokens in', 'tokens out']);
  for (const { change } of stated.movements) {
    const amount = BigInt(change);
    if (amount > 0n) moved.add('tokens in', amount);
    else moved.add('tokens out', -amount);
  }
  const sum = BigInt(stated.opening) + moved.get('tokens in') - moved.get('tokens out');
  sheet.put({ ...closing, ...balance }, sum);
  const window = { ...ofHolder(draw, holder, within(draw)), asset: TOKENS };
  for (const [name, amount] of moved.entries()) sheet.put({ ...window, name }, amount);
  for (const asset of draw.token.assets) {
    const revenue = stated.revenue.find((one) => one.asset.toLowerCase() === asset);
    putRevenue(sheet, draw, holder, {
      ...(revenue ?? { opening: ZERO, closing: ZERO, movements: [], values: { sums: [] } }),
      asset,
    });
  }
}

function putRevenue(
  sheet: FigureSheet,
  draw: Draw,
  holder: string,
  { asset, opening, closing, movements, values }: StatedRevenue,
): void {
  const before = { ...ofHolder(draw, holder, atBlock(draw.after.block)), asset };
  const after = { ...ofHolder(draw, holder, atBlock(draw.until.block)), asset };
  const changes = new Sums(ACCOUNTS);
  const [assigned, claimed] = [new Sums(), new Sums()];
  for (const { kind, snapshotId, changes: moved } of movements) {
    for (const name of ACCOUNTS) changes.add(name, moved[name] ?? 0n);
    if (snapshotId === null) continue;
    if (kind === 'assignment') assigned.add(String(snapshotId), moved.claimable ?? 0n);
    if (kind === 'claim') claimed.add(String(snapshotId), moved.claimed ?? 0n);
  }
  putShares(sheet, draw, { holder, asset, name: 'share', sums: assigned });
  putShares(sheet, draw, { holder, asset, name: 'snapshot claimed', sums: claimed });
  for (const name of ACCOUNTS) {
    sheet.put({ ...before, name }, opening[name]);
    sheet.put({ ...after, name }, closing[name]);
    sheet.put({ ...after, name }, BigInt(opening[name]) + changes.get(name));
  }
  const window = { ...ofHolder(draw, holder, within(draw)), asset };
  for (const name of ['claimed', 'redeemed']) sheet.put({ ...window, name }, changes.get(name));
  if (values !== undefined) putStatedWorth(sheet, draw, window, values.sums);
}

/** The sums of a section; a kind without lines has none. */
export function putStatedWorth(
  sheet: FigureSheet,
  draw: Draw,
  { subject, asset }: { readonly subject: string; readonly asset: string },
  sums: readonly StatedWorth[],
): void {
  for (const [kind, what] of [
    ['claim', 'claims'],
    ['redemption', 'burns'],
  ] as const) {
    const { amount: sum = null, missing = 0 } = sums.find((one) => one.kind === kind) ?? {};
    putWorthSum(sheet, draw, { subject, asset, what }, { sum, missing });
  }
}

/** What movements of each snapshot are together: a person has one for each of its accounts. */
function putShares(
  sheet: FigureSheet,
  draw: Draw,
  {
    holder,
    asset,
    name,
    sums,
  }: {
    readonly holder: string;
    readonly asset: string;
    readonly name: string;
    readonly sums: Sums;
  },
): void {
  for (const [snapshotId, amount] of sums.entries()) {
    const of = ofShare(draw, holder, snapshotId, atBlock(draw.until.block));
    sheet.put({ ...of, asset, name }, amount);
  }
}
