import type { Check } from '../check.js';
import { type FindingKinds, makersOf } from '../finding.js';
import type { EndpointSubject } from './endpoint.js';

/** Nodes of Ethereum accept blocks that are so far ahead of their clock. */
const AHEAD_MS = 15_000;
const OLD_MS = 120_000;
/** An interval between blocks may be longer than the others; so many in a row are not. */
const OLD_INTERVALS = 20;
const MEASURED_BLOCKS = 100;

const KINDS = {
  NODE_CLOCK_AHEAD: {
    severity: 'error',
    means: 'the newest block of an endpoint is in the future',
    remedy:
      'Correct the clock of this machine or of the node (NTP): times of blocks order snapshots and prices.',
  },
  NODE_HEAD_OLD: {
    severity: 'warning',
    means: 'the newest block of an endpoint is much older than its chain makes blocks',
    remedy:
      'Check that the node is synchronised, that the chain makes blocks, and that the clock of this machine is right.',
  },
} as const satisfies FindingKinds;

const found = makersOf(KINDS);

/** Whether the time of the newest block agrees with the clock of this machine. */
export const clock: Check<EndpointSubject> = {
  name: 'clock',
  kinds: KINDS,
  async run(subject) {
    const { about, head, now, bestHead } = subject;
    const age = now() - head.timestampMs;
    const time = new Date(head.timestampMs).toISOString();
    if (age < -AHEAD_MS) {
      const ahead = `block ${head.number} is of ${time}, ${seconds(-age)} s in the future`;
      return [found.NODE_CLOCK_AHEAD(about, ahead)];
    }
    // That it lags behind another endpoint says more.
    if (head.number < (await bestHead()).number) return [];
    if (age <= Math.max(OLD_MS, OLD_INTERVALS * (await intervalMs(subject)))) return [];
    return [
      found.NODE_HEAD_OLD(about, `block ${head.number} is of ${time}, ${seconds(age)} s ago`),
    ];
  },
};

/** Mean time between the newest blocks. */
async function intervalMs({ node, head }: EndpointSubject): Promise<number> {
  const earlier = Math.max(0, head.number - MEASURED_BLOCKS);
  if (earlier === head.number) return 0;
  const { timestampMs } = await node.blockHeader(earlier);
  return (head.timestampMs - timestampMs) / (head.number - earlier);
}

function seconds(milliseconds: number): number {
  return Math.round(milliseconds / 1000);
}
