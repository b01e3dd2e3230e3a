import type { PolicyRules } from '../policyRules.js';
import { reference } from './reference.js';

/**
 * The implementation of launched IMO tokens: the newest snapshots can be claimed, and what is left
 * of an older one comes back to all holders.
 */
export const windowed: PolicyRules = {
  name: 'windowed',
  text: 'that of launched IMO tokens',
  recognised: 'its getters: percentage, window, interval and clock',
  recognisedBy: 'getters',
  parts: {
    ...reference.parts,
    window: 'getter',
    rounding: 'windowed',
    rollOver: 'holders',
    interval: 'getter',
  },
  own: null,
  storage: {
    name: 'windowed with permit',
    known: { totalSupply: 2n, lastSnapshotId: 12n, lastSnapshot: 13n },
    claimable: 14n,
    claimed: 15n,
    claimPool: null,
    redeemPool: 17n,
    redeemedFromNew: 18n,
  },
};
