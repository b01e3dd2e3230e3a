import type { PolicyRules } from '../policyRules.js';
import { referenceInterval } from './referenceInterval.js';

/** All revenue is in one ERC-20, which snapshots assign to holders completely. */
export const oneAsset: PolicyRules = {
  name: 'one-asset',
  text: 'one ERC-20 and no ETH, shared completely',
  recognised:
    '`snapshotInterval()` and a clock, no percentage: one ERC-20, shared 100 %, all snapshots open',
  recognisedBy: 'behaviour',
  parts: { ...referenceInterval.parts, revenue: 'one-asset', percent: 100 },
  own: null,
  storage: null,
};
