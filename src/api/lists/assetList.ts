import type { AsOf } from '../../store/read/chains/asOf.js';
import { EMPTY_POOL_VERSION } from '../../store/read/tokens/poolVersions.js';
import type { TokenRecord } from '../../store/read/tokens/tokens.js';
import { type RevenueAssetNode, revenueAssetNode } from '../objects/tokens/revenueAsset.js';
import type { ApiContext } from '../request/context.js';

/** The assets that a token shared by then in addition to ETH, in the order of acceptance. */
export async function assetsOf(
  token: TokenRecord,
  asOf: AsOf,
  { books, loaders }: ApiContext,
): Promise<RevenueAssetNode[]> {
  if (!token.rules.policy.sharesAssets) return [];
  const ofToken = (await books.revenueAssets()).filter(
    ({ tokenNumber }) => tokenNumber === token.number,
  );
  const versions = await Promise.all(
    ofToken.map(({ number }) =>
      loaders.poolVersion.load({ tokenNumber: number, block: asOf.block }),
    ),
  );
  return ofToken.flatMap((asset, index) => {
    const version = versions[index] ?? EMPTY_POOL_VERSION;
    // An accepted asset has a version from its first block on.
    return version === EMPTY_POOL_VERSION ? [] : [revenueAssetNode(asset, version, token, asOf)];
  });
}
