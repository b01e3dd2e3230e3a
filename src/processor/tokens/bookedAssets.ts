import { functions } from '../../abi/erc7641.js';
import type { Address } from '../../address.js';
import { readAddresses, readSymbolAndDecimals } from '../../chain/contract/assets.js';
import type { BlockHeader, ChainNode } from '../../chain/node.js';
import type { AssetAccepted, Operation } from '../../chain/reading/operation.js';
import type { NewRevenueAsset } from '../../store/registry/revenueAssets.js';
import type { BlockWork } from './blockWork.js';
import type { TokenBook } from './book/tokenBook.js';

/** Gives a number to the books of a token in an asset; the same one if it is asked again. */
export type ReserveAsset = (asset: NewRevenueAsset) => Promise<number>;

/**
 * Finds out which assets the tokens accept in these blocks, and gives their books numbers.
 * What a contract shares from its deployment on is put before its first operation.
 */
export async function reserveAssets(
  node: ChainNode,
  work: readonly BlockWork[],
  reserve: ReserveAsset,
): Promise<void> {
  for (const { header, byBook } of work) {
    for (const [book, operations] of byBook) {
      const { token } = book;
      if (!token.rules.policy.sharesAssets) continue;
      if (header.number === token.startBlock) {
        operations.unshift(...(await initialAssets(node, book, header, operations[0])));
      }
      for (const asset of operations.flatMap(acceptedAsset)) {
        if (book.assetBook(asset) !== undefined || book.isReserved(asset)) continue;
        const about = await readSymbolAndDecimals(node, asset, header.number);
        const number = await reserve({ tokenNumber: token.number, asset, ...about });
        book.reserve(asset, number);
      }
    }
  }
}

/** What the contract shares at the end of its first block, and what the config says it does. */
async function initialAssets(
  node: ChainNode,
  { token }: TokenBook,
  { hash }: BlockHeader,
  first: Operation | undefined,
): Promise<AssetAccepted[]> {
  const listed = await readAddresses(node, token.address, functions.revenueTokens, { hash });
  const assets = new Set([...(listed ?? []), ...token.assets]);
  return [...assets].map((asset) => ({
    kind: 'asset-accepted',
    asset,
    transactionIndex: first?.transactionIndex ?? 0,
    transactionHash: first?.transactionHash ?? `0x${'0'.repeat(64)}`,
  }));
}

/** The asset that an operation makes the token accept, if it does. */
export function acceptedAsset(operation: Operation): Address[] {
  return operation.kind === 'asset-accepted' ? [operation.asset] : [];
}
