import { checkEndpoint, type TraceSupport } from '../../chain/sourceCheck.js';
import type { ChainConfig } from '../../config/types.js';
import { ImoError } from '../../errors.js';
import type { Check } from '../check.js';
import { failureText } from '../check.js';
import { type FindingKinds, makersOf } from '../finding.js';
import type { EndpointSubject } from './endpoint.js';

const KINDS = {
  NODE_NO_TRACES: {
    severity: 'error',
    means: 'an endpoint serves neither `trace_block` nor `debug_traceBlockByHash`',
    remedy:
      'Use an endpoint with one of the two methods: claims, receipts and redemptions are in call frames only.',
  },
  NODE_NO_TRACE_FILTER: {
    severity: 'warning',
    means: '`trace_filter` is missing or slow, and the chain has neither `portal` nor `gateway`',
    remedy:
      'Add `portal:` to the chain, or use an endpoint with an index for `trace_filter`: a first index is much faster then.',
  },
} as const satisfies FindingKinds;

const found = makersOf(KINDS);

/** Whether call frames can be had, and found by ranges. */
export const traces: Check<EndpointSubject> = {
  name: 'traces',
  kinds: KINDS,
  async run({ node, chain, about, ability }) {
    const support = await supportOf(node, chain);
    if (support instanceof ImoError) return [found.NODE_NO_TRACES(about, failureText(support))];
    const { traceFilter, problem } = await ability();
    if (problem !== null || traceFilter === 'indexed' || findsOtherwise(chain)) return [];
    const says = { slow: 'is slow: the node has no index for it', missing: 'is missing' };
    return [found.NODE_NO_TRACE_FILTER(about, `trace_filter ${says[traceFilter]}`)];
  },
};

async function supportOf(
  node: EndpointSubject['node'],
  chain: ChainConfig,
): Promise<TraceSupport | ImoError> {
  try {
    return await checkEndpoint(node, chain);
  } catch (error) {
    if (error instanceof ImoError) return error;
    throw error;
  }
}

/** Blocks are found by a service, or by all but frames of ranges. */
function findsOtherwise({ portal, gatewayUrl, source }: ChainConfig): boolean {
  const usesRanges = source?.finders?.includes('ranges') ?? true;
  return portal != null || gatewayUrl !== null || !usesRanges;
}
