/** Coins of chains that are not called ETH (chain ids of EIP-155). */
const NATIVE_SYMBOLS: ReadonlyMap<number, string> = new Map([
  [25, 'CRO'],
  [56, 'BNB'],
  [100, 'XDAI'],
  [137, 'POL'],
  [146, 'S'],
  [250, 'FTM'],
  [5000, 'MNT'],
  [42220, 'CELO'],
  [43114, 'AVAX'],
]);

/** Decimals of the own coin of every chain. */
export const NATIVE_DECIMALS = 18;

/** What the own coin of a chain is called. */
export const nativeSymbol = (chainId: number): string => NATIVE_SYMBOLS.get(chainId) ?? 'ETH';
