import type { SourceBlock } from '../../chain/reading/source.js';
import { ImoError } from '../../errors.js';
import type { BookingTarget, Desk } from '../desks/desk.js';
import { ContractTroubleError } from '../holding/contractTrouble.js';
import type { Holds } from '../holding/holds.js';
import type { Coverage } from './coverage.js';
import type { RunTotals } from './supervise.js';

/**
 * Books blocks. If that fails because of what they hold, and nothing proves that none of them is
 * missing, each block up to here is read before any contract is held.
 */
export async function readAgainIfUnproven<T>(
  blocks: readonly SourceBlock[],
  coverage: Coverage,
  totals: RunTotals,
  work: (last: SourceBlock | undefined) => Promise<T>,
): Promise<T> {
  const last = blocks.at(-1);
  try {
    return await work(last);
  } catch (error) {
    const isOfBlocks =
      error instanceof ContractTroubleError ||
      (error instanceof ImoError && error.code === 'RPC_BOOKS_DIFFER');
    if (!isOfBlocks || last === undefined || !coverage.isUnproven(last.header.height)) throw error;
    totals.readEachTo = last.header.height;
    throw new ImoError('RPC_BOOKS_DIFFER', error.message, error.hint, { cause: error });
  }
}

/** What differs although storage proves that no block is missing is for the audit to judge. */
export async function compareWithContracts(
  desks: readonly Desk[],
  holds: Holds,
  block: SourceBlock,
  coverage: Coverage,
  onWarning: (line: string) => void,
): Promise<void> {
  const { height } = block.header;
  const held = [...holds.runs([block])].at(-1)?.held ?? new Set<string>();
  try {
    for (const desk of desks) await desk.compare?.(height, held);
  } catch (error) {
    const isDifference = error instanceof ImoError && error.code === 'RPC_BOOKS_DIFFER';
    if (!isDifference || coverage.isUnproven(height)) throw error;
    onWarning(error.message);
  }
}

/** Books blocks at every desk. @returns how many operations they had */
export async function bookAll(
  desks: readonly Desk[],
  holds: Holds,
  target: BookingTarget,
  blocks: readonly SourceBlock[],
  times: Map<number, string>,
): Promise<number> {
  times.clear();
  for (const { header } of blocks) {
    times.set(header.height, new Date(header.timestamp).toISOString());
  }
  let operations = 0;
  for (const { blocks: run, held } of holds.runs(blocks)) {
    const settle = target.settle && run.at(-1) === blocks.at(-1);
    for (const desk of desks) operations += await desk.book(run, { ...target, settle, held });
  }
  return operations;
}
