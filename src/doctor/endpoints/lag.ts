import type { Check } from '../check.js';
import { type FindingKinds, makersOf } from '../finding.js';
import type { EndpointSubject } from './endpoint.js';

/** Both must be exceeded: some chains make several blocks a second. */
const LAG_BLOCKS = 3;
const LAG_MS = 10_000;

const KINDS = {
  NODE_LAGS: {
    severity: 'warning',
    means: 'the head of an endpoint is behind that of another endpoint of the same chain',
    remedy: 'Wait until the node has synchronised, or delete it from `rpc`.',
  },
} as const satisfies FindingKinds;

const found = makersOf(KINDS);

/** Whether an endpoint is as far as the others. */
export const lag: Check<EndpointSubject> = {
  name: 'lag',
  kinds: KINDS,
  async run({ about, head, bestHead }) {
    const best = await bestHead();
    const blocks = best.number - head.number;
    const milliseconds = best.timestampMs - head.timestampMs;
    if (blocks <= LAG_BLOCKS || milliseconds <= LAG_MS) return [];
    const lagging = `its head is block ${head.number}, ${blocks} blocks behind block ${best.number} of another endpoint`;
    return [found.NODE_LAGS(about, lagging)];
  },
};
