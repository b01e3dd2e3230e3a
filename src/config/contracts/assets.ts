import { type Address, checksummed } from '../../address.js';
import { ImoError } from '../../errors.js';
import type { RevenuePolicy } from '../../ledger/policies/policy.js';

/**
 * Checks that a token with a policy can share the assets that the config names.
 *
 * @throws ImoError `TOKEN_SHARES_NO_ASSETS` if the config names assets of a token that has none,
 *   `TOKEN_ASSET_UNKNOWN` if it does not name the one that the token shares
 */
export function assertAssetsFit({
  address,
  policy,
  assets,
}: {
  readonly address: Address;
  readonly policy: RevenuePolicy;
  readonly assets: readonly Address[];
}): void {
  if (assets.length > 0 && !policy.sharesAssets) {
    throw new ImoError(
      'TOKEN_SHARES_NO_ASSETS',
      `the config names assets of ${checksummed(address)}, whose policy ${policy.name} shares ETH only`,
      'Take `assets` of this token out of the config.',
    );
  }
  if (!policy.sharesEth && assets.length !== 1) {
    throw new ImoError(
      'TOKEN_ASSET_UNKNOWN',
      `${checksummed(address)} follows ${policy.name}, which shares one ERC-20; the config names ${assets.length}`,
      'Name it with `assets: ["0x…"]`: the source code of the token says which one it is.',
    );
  }
}
