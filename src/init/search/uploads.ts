import { z } from 'zod';
import type { Address } from '../../address.js';
import { oracleCall } from '../../chain/oracle/calls.js';
import { ImoError } from '../../errors.js';
import type { Subject } from '../node/subject.js';
import { tag } from './logs.js';
import { searchRange } from './searchRange.js';

const call = z.looseObject({
  error: z.unknown().optional(),
  action: z.looseObject({ input: z.string() }),
});

const ENOUGH_CALLS = 5_000;

/** Models whose terms calls to a contract set. Empty without `trace_filter`. */
export async function findUploads(
  { node, head, hasTraceFilter, progress, signal }: Subject,
  oracle: Address,
  from: number,
): Promise<Set<bigint>> {
  if (!hasTraceFilter) return new Set();
  progress(`${oracle}: models`);
  const { items } = await searchRange({
    range: { from, to: head },
    ask: (range) => {
      const blocks = { fromBlock: tag(range.from), toBlock: tag(range.to) };
      return node.listed('trace_filter', { toAddress: [oracle], ...blocks });
    },
    isEnough: (frames) => frames.length >= ENOUGH_CALLS,
    signal,
  });
  return new Set(items.flatMap((frame) => modelOf(frame) ?? []));
}

function modelOf(frame: unknown): bigint | null {
  const { data } = call.safeParse(frame);
  if (data === undefined || data.error) return null;
  try {
    const read = oracleCall(data.action.input);
    return read?.kind === 'terms' ? read.modelId : null;
  } catch (error) {
    // Another contract's function may have the same selector.
    if (error instanceof ImoError && error.code === 'CHAIN_UNREADABLE_CALL') return null;
    throw error;
  }
}
