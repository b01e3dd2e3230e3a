import type { PolicyRules } from '../policyRules.js';
import { reference } from './reference.js';

/** The ERC's implementation, with a getter for the least gap of snapshots. */
export const referenceInterval: PolicyRules = {
  name: 'reference-interval',
  text: 'reference, with getters for the interval',
  recognised: '`snapshotInterval()`, all snapshots open: by behaviour',
  recognisedBy: 'behaviour',
  parts: { ...reference.parts, interval: 'getter' },
  own: null,
  storage: null,
};
