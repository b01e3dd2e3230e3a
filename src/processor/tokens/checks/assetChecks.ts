import { functions } from '../../../abi/erc7641.js';
import { type Address, checksummed } from '../../../address.js';
import { readAddresses } from '../../../chain/contract/assets.js';
import type { BlockHeader, ChainNode } from '../../../chain/node.js';
import type { Operation } from '../../../chain/reading/operation.js';
import type { BalanceCheck } from '../../../chain/reading/untraced/untracedCauses.js';
import { ImoError } from '../../../errors.js';
import type { BlockWork } from '../blockWork.js';
import { netMovementWei } from '../book/netMovement.js';
import type { TokenBook } from '../book/tokenBook.js';
import { acceptedAsset } from '../bookedAssets.js';

/**
 * The assets whose balance has to be compared with the node's after a block.
 *
 * @param all also those that nothing happened to
 */
export function assetsToCheck(
  book: TokenBook,
  operations: readonly Operation[],
  all: boolean,
): Set<Address> {
  const shared = new Set(book.assetBooks.flatMap(({ asset }) => asset ?? []));
  for (const operation of operations) {
    if (operation.kind === 'asset-accepted') shared.add(operation.asset);
  }
  if (all || shared.size === 0) return shared;
  const moved = operations.flatMap((operation): Address[] => {
    switch (operation.kind) {
      case 'receipt':
        return operation.asset === null ? [] : [operation.asset];
      // What the new revenue is decides what these do: it must be complete before.
      case 'snapshot':
      case 'claim':
      case 'redemption':
        return [...shared];
      default:
        return acceptedAsset(operation);
    }
  });
  return new Set(moved.filter((asset) => shared.has(asset)));
}

/** The comparisons for some assets of a token. */
export async function assetChecks(
  node: ChainNode,
  book: TokenBook,
  { header }: BlockWork,
  operations: readonly Operation[],
  assets: ReadonlySet<Address>,
): Promise<BalanceCheck[]> {
  const checks: BalanceCheck[] = [];
  for (const asset of assets) {
    const assetBook = book.assetBook(asset);
    const settledWei = assetBook?.state.balanceWei ?? 0n;
    checks.push({
      token: book.token,
      block: header,
      asset,
      settledWei,
      checkedBlock: assetBook?.checkedBlock ?? header.number - 1,
      wasCompared: assetBook?.wasCompared ?? false,
      computedWei: settledWei + netMovementWei(operations, asset),
      actualWei: await node.assetBalance(asset, book.token.address, { hash: header.hash }),
      hasOrder: true,
      // What the token saw of an asset says where it came.
      deciding: new Set(),
      destructions: [],
    });
  }
  return checks;
}

/**
 * Asserts that the contract shares what the books say, if it tells.
 *
 * @throws ImoError `TOKEN_ASSETS_DIFFER`
 */
export async function assertSameAssets(
  node: ChainNode,
  { token, assetBooks }: TokenBook,
  { number, hash }: BlockHeader,
): Promise<void> {
  const listed = await readAddresses(node, token.address, functions.revenueTokens, { hash });
  if (listed === null) return;
  const booked = new Set(assetBooks.flatMap(({ asset }) => asset ?? []));
  const missing = listed.filter((asset) => !booked.has(asset));
  if (missing.length === 0) return;
  throw new ImoError(
    'TOKEN_ASSETS_DIFFER',
    `${checksummed(token.address)} shares ${missing.map(checksummed).join(', ')} at block ` +
      `${number}, but no call of addRevenueToken(address) added that`,
    'The contract accepts assets in an unknown way. Add a policy for it (CONTRIBUTING.md), or remove the token from the config.',
  );
}
