import { windowed } from '../../src/ledger/policies/known/windowed.js';
import { ownRules, type PolicyRules } from '../../src/ledger/policies/policyRules.js';

/** A toy policy for `contracts/RevShareCapped.sol`: all that a new policy needs in one file. */
export const capped: PolicyRules = {
  name: 'capped',
  text: 'windowed, where no snapshot assigns more than a cap',
  recognised: 'the getters of `windowed`, and `snapshotCap()`',
  recognisedBy: 'getters',
  parts: windowed.parts,
  own: ownRules({ cap: { getter: 'snapshotCap()', highest: 2n ** 128n } }, ({ cap }, byParts) => ({
    assignment(terms, state) {
      const { freshWei, rolledOverWei } = byParts.assignment(terms, state);
      const isAbove = freshWei > cap;
      return { freshWei: isAbove ? cap : freshWei, rolledOverWei };
    },
  })),
  storage: null,
};
