import type { Address } from '../../../address.js';
import { trustedSymbol } from '../../../books/moneySymbols.js';
import { NATIVE_DECIMALS, nativeSymbol } from '../../../books/nativeCoins.js';
import { readCoins } from '../../../export/columns/units.js';
import type { ApiContext } from '../../request/context.js';
import { readShared } from '../../request/sharedRead.js';

/** How amounts of something are written. */
export interface ShownCoin {
  /** `null`: the chain's own coin. */
  readonly address: Address | null;
  /** `null`: it has none, or one that may be mistaken for money. */
  readonly symbol: string | null;
  readonly symbolOnChain: string | null;
  readonly decimals: number | null;
}

/** The chain's own coin, or an ERC-20: as it was indexed, else as its contract says now. */
export async function shownCoin(
  context: ApiContext,
  chainId: number,
  address: Address | null,
): Promise<ShownCoin> {
  if (address === null) {
    const symbol = nativeSymbol(chainId);
    return { address, symbol, symbolOnChain: null, decimals: NATIVE_DECIMALS };
  }
  const coins = await readShared(context, ['coins'], () => readCoins(context.db));
  const known = coins.find((coin) => coin.chainId === chainId && coin.address === address);
  const isKnown = known !== undefined && known.symbol !== null && known.decimals !== null;
  const said = isKnown ? known : await context.chainCoins.read(chainId, address);
  const symbol = known?.symbol ?? said.symbol;
  return {
    address,
    symbol: trustedSymbol(chainId, address, symbol),
    symbolOnChain: symbol,
    decimals: known?.decimals ?? said.decimals,
  };
}
