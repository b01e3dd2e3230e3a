import type { RevenuePolicy } from '../policy.js';
import { ALT_REVENUE_VIEW, windowed } from './windowed.js';

/**
 * A windowed token with the AltRevToken extension of ERC-7641: ETH and every accepted ERC-20
 * asset are shared by the windowed rules (DOMAIN.md 2b), each in pools of its own.
 */
export const altRevenue: RevenuePolicy = {
  ...windowed,
  name: 'alt-revenue',
  sharesAssets: true,
  requiredGetters: [...windowed.requiredGetters, ALT_REVENUE_VIEW],
  views: [...windowed.views, 'claimableERC20(address,uint256,address)', ALT_REVENUE_VIEW],

  termsFrom(getters) {
    if ((getters[ALT_REVENUE_VIEW] ?? null) === null) return null;
    return windowed.termsFrom({ ...getters, [ALT_REVENUE_VIEW]: null });
  },
};
