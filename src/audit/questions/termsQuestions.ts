import { id } from 'ethers';
import { expectedGetters } from '../../ledger/policies/getters.js';
import { rulesAt } from '../../ledger/terms.js';
import type { TokenRecord } from '../../store/read/tokens/tokens.js';
import type { Question } from './question.js';

/** The terms of a token at the end of a block, as far as its policy takes them from getters. */
export function termsQuestions({ address: to, rules }: TokenRecord, block: number): Question[] {
  const { policy, terms } = rulesAt(rules, block);
  return expectedGetters(policy, terms).flatMap(([signature, ours]) =>
    ours === null
      ? []
      : [
          {
            figure: signature,
            token: to,
            account: null,
            lookup: { kind: 'call', to, data: id(signature).slice(0, 10) },
            ours,
            mayRevert: false,
          },
        ],
  );
}
