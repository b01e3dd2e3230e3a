import type { PolicyRules } from '../policyRules.js';
import { windowed } from './windowed.js';

/** A windowed token with the AltRevToken extension. */
export const altRevenue: PolicyRules = {
  name: 'alt-revenue',
  text: 'windowed, with ERC-20 assets in addition to ETH',
  recognised: 'the getters of `windowed`, and `redeemableERC20OnBurn(uint256,address)`',
  recognisedBy: 'getters',
  parts: { ...windowed.parts, revenue: 'eth-and-assets' },
  own: null,
  storage: null,
};
