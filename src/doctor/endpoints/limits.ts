import type { Check } from '../check.js';
import { type FindingKinds, makersOf } from '../finding.js';
import type { EndpointSubject } from './endpoint.js';

/** What `index` sends at once, at most. */
const BATCH_CALLS = 100;

const KINDS = {
  NODE_LOG_LIMIT: {
    severity: 'warning',
    means: 'an endpoint answers `eth_getLogs` for fewer than 100 blocks at once',
    remedy: 'Use a plan or an endpoint with a higher limit, or add `portal:` to the chain.',
  },
  NODE_BATCH_LIMIT: {
    severity: 'warning',
    means: 'an endpoint refuses a batch of 100 calls',
    remedy: 'Raise the limits at the provider: `imo-ledger index` sends up to 100 calls at once.',
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
  async run({ about, ability, batchProblem }) {
    const { logBlocks, problem } = await ability();
    if (problem !== null) return [found.NODE_UNSTEADY(about, problem)];
    const refusal = await batchProblem(BATCH_CALLS);
    const refused = `it refuses ${BATCH_CALLS} calls at once: ${refusal}`;
    const batch = refusal === null ? [] : [found.NODE_BATCH_LIMIT(about, refused)];
    if (logBlocks === null) return batch;
    const limited = `it answers eth_getLogs for ${logBlocks} blocks at once`;
    return [found.NODE_LOG_LIMIT(about, limited), ...batch];
  },
};
