import type { PolicyRules } from '../policyRules.js';
import { windowedThree } from './windowedThree.js';

/** A window that no getter says, with the rounding of the ERC's text. */
export const windowedThreeReference: PolicyRules = {
  name: 'windowed-three-reference',
  text: 'windowed-three, rounded as in ERC-7641',
  recognised: 'the getters of `windowed-three`, rounding `reference`: by behaviour',
  recognisedBy: 'behaviour',
  parts: { ...windowedThree.parts, rounding: 'reference' },
  own: null,
  storage: null,
};
