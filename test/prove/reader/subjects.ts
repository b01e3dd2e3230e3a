import type { Draw } from './draw.js';
import type { FigureOf } from './figures.js';

/** Names of figures, and whose they are: adapters share them so that equal figures have equal keys. */

export const TOKENS = 'tokens';

/** Tokens burned for an asset: an asset that came later has no row of an earlier burn. */
export function burnedFor(asset: string): string {
  return `tokens for ${asset}`;
}

/** Of a holder, in each asset. */
export const HOLDER_FIGURES = [
  'claimable',
  'claimed',
  'redeemed',
  'expired',
  'redeemable',
  'accruing',
] as const;

/** Of a holder at a snapshot, in each asset. */
export const SHARE_FIGURES = ['share', 'snapshot claimable', 'snapshot claimed'] as const;

/** Of a token, in each asset. */
export const POOL_FIGURES = [
  'new revenue',
  'claimable pool',
  'redeemable pool',
  'redeemed from new',
] as const;

export const TOKEN_FIGURES = ['held', 'received', 'paid by claims', 'paid by burns'] as const;

/** Sums over operations of a holder, until a moment or in a window. */
export const HOLDER_SUMS = ['claimed', 'redeemed', 'tokens in', 'tokens out', 'burned'] as const;

/** Sums over operations of a token, and how many they are. */
export const TOKEN_SUMS = [
  'received',
  'paid by claims',
  'paid by burns',
  'receipts',
  'claims',
  'redemptions',
] as const;

export function atBlock(block: number): string {
  return `at block ${block}`;
}

export function within({ after, until }: Draw): string {
  return `in blocks ${after.block + 1} to ${until.block}`;
}

export function ofHolder(
  { token }: Draw,
  holder: string,
  moment: string,
): Pick<FigureOf, 'subject' | 'moment'> {
  return { subject: `${holder.toLowerCase()} with token ${token.address}`, moment };
}

export function ofToken({ token }: Draw, moment: string): Pick<FigureOf, 'subject' | 'moment'> {
  return { subject: `token ${token.address}`, moment };
}

export function ofShare(
  draw: Draw,
  holder: string,
  snapshotId: number | string,
  moment: string,
): Pick<FigureOf, 'subject' | 'moment'> {
  const { subject } = ofHolder(draw, holder, moment);
  return { subject: `snapshot ${snapshotId} of ${subject}`, moment };
}

/** A sum that is 0 where nothing was added. */
export class Sums {
  private readonly sums = new Map<string, bigint>();

  constructor(keys: readonly string[] = []) {
    for (const key of keys) this.sums.set(key, 0n);
  }

  add(key: string, amount: bigint | string): void {
    this.sums.set(key, (this.sums.get(key) ?? 0n) + BigInt(amount));
  }

  entries(): IterableIterator<[string, bigint]> {
    return this.sums.entries();
  }

  get(key: string): bigint {
    return this.sums.get(key) ?? 0n;
  }
}
