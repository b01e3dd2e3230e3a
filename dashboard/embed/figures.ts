import {
  type DecimalPoint,
  exactAmount,
  shortAmount,
  writeWithPoint,
} from '../src/format/amounts.js';
import type { PieceChainFragment, PieceTokenFragment } from '../src/ledger/generated/pieces.js';
import type { Wanted } from './attributes.js';

/** An amount of one asset, as it is shown. */
export interface ShownAmount {
  readonly short: string;
  readonly exact: string;
}

/** What a piece shows. */
export interface Figures {
  readonly amounts: readonly ShownAmount[];
  readonly block: number;
  /** Why the figures cannot be relied on as they are; `null`: they can. */
  readonly doubt: 'held' | 'archived' | 'disagrees' | null;
}

/** Why there are no figures. */
export type NoFigures = 'unknownToken' | 'severalChains';

/** The token that the attributes mean. */
export function tokenOf<Token extends PieceTokenFragment>(
  tokens: readonly Token[],
  { chainId }: Wanted,
): Token | NoFigures {
  const [token, other] = tokens.filter((one) => chainId === null || one.chainId === chainId);
  if (token === undefined) return 'unknownToken';
  return other === undefined ? token : 'severalChains';
}

interface AssetAmount {
  readonly value: bigint;
  readonly asset: { readonly symbol: string | null; readonly decimals: number | null };
}

/** Zero only if nothing is there in any asset: what is not zero is never left out. */
export function figuresOf(
  token: PieceTokenFragment,
  chains: readonly PieceChainFragment[] | null,
  native: bigint,
  others: readonly AssetAmount[],
  point: DecimalPoint,
): Figures {
  writeWithPoint(point);
  const symbol = chains?.find(({ chainId }) => chainId === token.chainId)?.nativeSymbol ?? 'ETH';
  const all = [{ value: native, asset: { symbol, decimals: 18 } }, ...others];
  const present = all.filter(({ value }) => value !== 0n);
  return {
    amounts: (present.length === 0 ? all.slice(0, 1) : present).map(shown),
    block: token.held?.lastBlock ?? token.archivedBlock ?? token.asOf.block,
    doubt: doubtOf(token),
  };
}

function shown({ value, asset: { symbol, decimals } }: AssetAmount): ShownAmount {
  // Without decimals nobody knows what a unit is worth: all digits of the smallest are shown.
  const unit = decimals === null ? '×' : (symbol ?? '×');
  return {
    short: `${shortAmount(value, decimals ?? 0)} ${unit}`,
    exact: `${exactAmount(value, decimals ?? 0)} ${unit}`,
  };
}

function doubtOf({ held, archivedBlock, disagreements }: PieceTokenFragment): Figures['doubt'] {
  if (disagreements.length > 0) return 'disagrees';
  if (held !== null) return 'held';
  return archivedBlock === null ? null : 'archived';
}
