import type { PolicyRules } from '../policyRules.js';

/** The ERC's own implementation: snapshots stay claimable for ever. */
export const reference: PolicyRules = {
  name: 'reference',
  text: 'the implementation in ERC-7641',
  recognised: '`percentClaimable()` and no other getter; its views do not contradict it',
  recognisedBy: 'getters',
  parts: {
    revenue: 'eth',
    percent: 'getter',
    window: 'none',
    claimedId: 'either',
    rounding: 'reference',
    rollOver: 'none',
    interval: 'none',
    snapshots: 'anyone',
  },
  own: null,
  storage: {
    name: 'reference',
    known: { totalSupply: 2n, lastSnapshotId: 8n, lastSnapshot: 9n },
    claimable: 10n,
    claimed: null,
    claimPool: 12n,
    redeemPool: 13n,
    redeemedFromNew: 14n,
  },
};
