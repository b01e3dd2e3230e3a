import type { Check } from '../check.js';
import { type FindingKinds, makersOf } from '../finding.js';
import type { EndpointSubject } from './endpoint.js';

const KINDS = {
  NODE_LOG_LIMIT: {
    severity: 'warning',
    means: 'an endpoint answers `eth_getLogs` for fewer than 100 blocks at once',
    remedy: 'Use a plan or an endpoint with a higher limit, or add `portal:` to the chain.',
  },
  NODE_UNSTEADY: {
    severity: 'error',
    means: 'an endpoint answers, and fails when it gets several questions at once',
    remedy: 'Raise the rate limit at the provider, or add another endpoint to `rpc`.',
  },
} as const satisfies FindingKinds;

const found = makersOf(KINDS);

/** What an endpoint refuses although it could answer it. */
export const limits: Check<EndpointSubject> = {
  name: 'limits',
  kinds: KINDS,
  async run({ about, ability }) {
    const { logBlocks, problem } = await ability();
    if (problem !== null) return [found.NODE_UNSTEADY(about, problem)];
    if (logBlocks === null) return [];
    return [found.NODE_LOG_LIMIT(about, `it answers eth_getLogs for ${logBlocks} blocks at once`)];
  },
};
