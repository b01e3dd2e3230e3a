import type { PolicyRules } from '../policyRules.js';
import { windowed } from './windowed.js';

/** A window that no getter says. */
export const windowedThree: PolicyRules = {
  name: 'windowed-three',
  text: 'windowed, with a window of 3 that no getter says',
  recognised: 'a window of 3 without a getter, rounding `windowed`: by behaviour',
  recognisedBy: 'behaviour',
  parts: { ...windowed.parts, window: 3, interval: 'optional' },
  own: null,
  storage: null,
};
