import type { Check } from '../check.js';
import { type FindingKinds, makersOf } from '../finding.js';
import type { EndpointSubject } from './endpoint.js';

const KINDS = {
  NODE_NO_BLOCK_RECEIPTS: {
    severity: 'note',
    means: 'an endpoint does not serve `eth_getBlockReceipts`',
    remedy: 'Nothing has to change; an endpoint with this method needs fewer calls.',
  },
} as const satisfies FindingKinds;

const found = makersOf(KINDS);

/** Whether the receipts of a block come in one answer. */
export const blockReceiptsCheck: Check<EndpointSubject> = {
  name: 'receipts',
  kinds: KINDS,
  async run({ about, ability }) {
    const { blockReceipts, problem } = await ability();
    if (problem !== null || blockReceipts) return [];
    return [found.NODE_NO_BLOCK_RECEIPTS(about, 'eth_getBlockReceipts is missing')];
  },
};
