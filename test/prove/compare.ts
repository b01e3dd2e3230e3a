import type { Chain } from '../../devnet/anvil.js';
import type { Address } from '../../src/address.js';
import { assetHolderQuestions, assetQuestions } from '../../src/audit/questions/assetQuestions.js';
import type { AuditComparison } from '../../src/audit/questions/question.js';
import { holderQuestions, tokenQuestions } from '../../src/audit/questions/tokenQuestions.js';
import { compare } from '../../src/audit/steps/compare.js';
import type { Queryable } from '../../src/store/read/query/queryable.js';
import type { TokenRecord } from '../../src/store/read/tokens/tokens.js';
import { withViews } from './viewsAt.js';

/**
 * Compares every figure of a token at the end of a block with the contract's own views at
 * the same block: `claimableRevenue` for every holder and snapshot, `redeemableOnBurn` and
 * `balanceOf` for every holder, `totalSupply` and the ETH balance.
 */
export function compareToken(
  db: Queryable,
  chain: Chain,
  token: TokenRecord,
  holders: readonly Address[],
  block: number,
): Promise<AuditComparison> {
  return withViews(chain, block, async (views) =>
    compare(views, [
      ...(await tokenQuestions(db, token, block)),
      ...(await holderQuestions(db, token, holders, block, 'all')),
    ]),
  );
}

/**
 * Compares the figures of a token in every ERC-20 asset at the end of a block with the
 * contracts: `claimableERC20` for every holder and snapshot, `redeemableERC20OnBurn` for every
 * holder, and the asset's own `balanceOf` of the token.
 */
export function compareAssets(
  db: Queryable,
  chain: Chain,
  token: TokenRecord,
  holders: readonly Address[],
  block: number,
): Promise<AuditComparison> {
  return withViews(chain, block, async (views) =>
    compare(views, [
      ...(await assetQuestions(db, token, block)),
      ...(await assetHolderQuestions(db, token, holders, block, 'all')),
    ]),
  );
}
