import { type Address, checksummed } from '../../address.js';
import type { HoldRecord } from '../../store/read/tokens/holds.js';
import { ChainViews } from '../questions/chainViews.js';
import { NOTHING_COMPARED } from '../questions/question.js';
import type { AuditContext, AuditPart } from './parts.js';
import { type AuditStep, auditPart } from './steps.js';

/** Held contracts whose books end before a block, by address. */
export type EndedBooks = ReadonlyMap<Address, HoldRecord>;

export function endedBooks(holds: readonly HoldRecord[], block: number): EndedBooks {
  const ended = holds.filter(({ lastBlock }) => lastBlock < block);
  return new Map(ended.map((hold) => [hold.address, hold]));
}

/**
 * Compares the next figures of a contract, as `auditPart` does. Those of a held contract are compared at the
 * last block of its books, and the first part says so.
 */
export async function auditUpToItsEnd(
  context: AuditContext,
  step: AuditStep,
  after: string | null,
  held: EndedBooks,
): Promise<AuditPart> {
  const { address, startBlock } = step.record;
  const hold = held.get(address);
  if (hold === undefined) return auditPart(context, step, after);
  const { lastBlock, code } = hold;
  const { node, multicall } = context;
  const notes =
    after === null && step.kind !== 'earlier'
      ? [`${checksummed(address)} after block ${lastBlock}: it is held there (${code})`]
      : [];
  if (lastBlock < startBlock) {
    return { comparison: NOTHING_COMPARED, notCompared: notes, accounts: 0, next: null };
  }
  const { hash } = await node.blockHeader(lastBlock);
  const views = await ChainViews.at(node, { number: lastBlock, hash }, { multicall });
  const part = await auditPart({ ...context, views }, step, after);
  return { ...part, notCompared: [...notes, ...part.notCompared] };
}
