import type { Check } from '../check.js';
import { type FindingKinds, makersOf } from '../finding.js';
import type { EndpointSubject } from './endpoint.js';

const KINDS = {
  NODE_NO_OLD_STATE: {
    severity: 'warning',
    means: 'an endpoint does not have the states of old blocks',
    remedy:
      'Use an archive node: without old states, nothing but the audit at the head proves that no block is missing.',
  },
  NODE_NO_PROOFS: {
    severity: 'warning',
    means: 'an endpoint has old balances, but does not serve `eth_getProof` of old blocks',
    remedy:
      'Add an endpoint that serves eth_getProof: balances alone do not prove calls that move no ETH.',
  },
} as const satisfies FindingKinds;

const found = makersOf(KINDS);

/** Whether the node knows the states that prove that no block is missing. */
export const oldState: Check<EndpointSubject> = {
  name: 'old state',
  kinds: KINDS,
  async run({ about, ability }) {
    const { oldState: served, problem } = await ability();
    if (problem !== null || served === 'proofs') return [];
    return served === 'balances'
      ? [found.NODE_NO_PROOFS(about, 'it answers eth_getBalance of old blocks, not eth_getProof')]
      : [
          found.NODE_NO_OLD_STATE(
            about,
            'it refuses eth_getBalance and eth_getProof of old blocks',
          ),
        ];
  },
};
