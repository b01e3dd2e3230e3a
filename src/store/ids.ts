/**
 * Row ids. Every id is built here, and sorts (byte by byte) in the order of the chain.
 */

/** `0001-0018500000-000003`: the token's operation number 3 of block 18,500,000. */
export function operationId(tokenNumber: number, blockNumber: number, position: number): string {
  return `${pad(tokenNumber, 4)}-${pad(blockNumber, 10)}-${pad(position, 6)}`;
}

/** `0001-0018500000-999999`: sorts after every operation of the token up to that block. */
export function lastOperationId(tokenNumber: number, blockNumber: number): string {
  return operationId(tokenNumber, blockNumber, 999_999);
}

/** `1-0018500000`: a block of a chain. */
export function blockId(chainId: number, blockNumber: number): string {
  return `${chainId}-${pad(blockNumber, 10)}`;
}

/** `1-0xe5018913f2fdf33971864804ddb5fca25c539032`: a token of a chain. */
export function tokenId(chainId: number, address: string): string {
  return `${chainId}-${address}`;
}

/** `0001-0xa0b8…eb48`: an ERC-20 that a token shares. */
export function revenueAssetId(tokenNumber: number, asset: string): string {
  return `${pad(tokenNumber, 4)}-${asset}`;
}

/** `1-native-USD-0018500000`: a feed of the prices of an asset in a currency, from a block on. */
export function priceFeedId(
  chainId: number,
  { asset, currency, startBlock }: { asset: string; currency: string; startBlock: number },
): string {
  return `${chainId}-${asset}-${currency}-${pad(startBlock, 10)}`;
}

function pad(value: number, digits: number): string {
  return String(value).padStart(digits, '0');
}
