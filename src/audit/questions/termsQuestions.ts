import { functions } from '../../abi/erc7641.js';
import { rulesAt } from '../../ledger/terms.js';
import type { TokenRecord } from '../../store/read/tokens/tokens.js';
import type { Question } from './question.js';

/** The terms of a token at the end of a block, as far as its policy takes them from getters. */
export function termsQuestions({ address: to, rules }: TokenRecord, block: number): Question[] {
  const { policy, terms } = rulesAt(rules, block);
  const { percent, window, interval } = policy.parts;
  const isInterval = interval === 'getter' || interval === 'optional';
  const figures = [
    [functions.percentClaimable, percent === 'getter' ? terms.percentClaimable : null],
    [functions.SNAPSHOT_CLAIMABLE_NUMBER, window === 'getter' ? terms.window : null],
    [functions.snapshotInterval, isInterval ? terms.interval : null],
  ] as const;
  return figures.flatMap(([{ signature, selector }, ours]) =>
    ours === null
      ? []
      : [
          {
            figure: signature,
            token: to,
            account: null,
            lookup: { kind: 'call', to, data: selector },
            ours: BigInt(ours),
            mayRevert: false,
          },
        ],
  );
}
