import type { PolicyRules } from '../policyRules.js';
import { windowed } from './windowed.js';

/** All revenue is in one ERC-20, and only the newest snapshots can be claimed. */
export const oneAssetWindowed: PolicyRules = {
  name: 'one-asset-windowed',
  text: 'one-asset, with a window',
  recognised: 'the getters of `one-asset`, and `SNAPSHOT_CLAIMABLE_NUMBER()`',
  recognisedBy: 'behaviour',
  parts: { ...windowed.parts, revenue: 'one-asset', percent: 100 },
  own: null,
  storage: null,
};
