import type { PolicyRules } from '../policyRules.js';
import { referenceInterval } from './referenceInterval.js';

/** The same with the rounding of launched IMO tokens. */
export const referenceIntervalWindowed: PolicyRules = {
  name: 'reference-interval-windowed',
  text: 'reference-interval, rounded as windowed',
  recognised: 'the getters of `reference-interval`, rounding `windowed`: by behaviour',
  recognisedBy: 'behaviour',
  parts: { ...referenceInterval.parts, rounding: 'windowed' },
  own: null,
  storage: null,
};
