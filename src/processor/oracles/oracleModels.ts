import { checksummed } from '../../address.js';
import type { ChainNode } from '../../chain/node.js';
import { readModel } from '../../chain/oracle/modelView.js';
import type { OracleOperation } from '../../chain/oracle/operation.js';
import { ImoError } from '../../errors.js';
import { LedgerError } from '../../ledger/errors.js';
import {
  applyModelTerms,
  chargeRequest,
  type ModelState,
  payOut,
  UNKNOWN_MODEL,
} from '../../ledger/oracles/oracle.js';
import { BLOCKS_AT_ONCE, inTurns } from '../desks/inTurns.js';
import type { SinceCheck } from '../desks/sinceCheck.js';
import { ofContract, troubleOf } from '../holding/contractTrouble.js';
import type { OracleBook } from './oracleBook.js';
import type { OracleBlock } from './oracleGas.js';

/** Models as the oracle had them at the end of the block before the first one that touched them. */
export type ModelOpenings = ReadonlyMap<bigint, ModelState>;

/**
 * Reads each model that these blocks are the first to touch. If indexing starts after the deployment,
 * terms and revenue already exist.
 *
 * @param blocks in order
 */
export async function readModelOpenings(
  node: ChainNode,
  book: OracleBook,
  blocks: readonly OracleBlock[],
): Promise<ModelOpenings> {
  if (book.flatFee !== null) return new Map();
  const first = new Map<bigint, OracleBlock>();
  for (const block of blocks) {
    for (const operation of block.operations) {
      if (!('modelId' in operation)) continue;
      const { modelId } = operation;
      if (!book.has(modelId) && !first.has(modelId)) first.set(modelId, block);
    }
  }
  return new Map(
    await inTurns([...first], BLOCKS_AT_ONCE, async ([modelId, block]) => {
      const { address } = book.oracle;
      const ask = () => openingOf(node, book, block, modelId);
      return [modelId, await ofContract({ kind: 'oracle', address }, block.height, ask)] as const;
    }),
  );
}

/** Takes over each model that a block is the first to touch, in the order of the block. */
export function openModels(book: OracleBook, block: OracleBlock, openings: ModelOpenings): void {
  for (const operation of block.operations) {
    if (!('modelId' in operation) || book.has(operation.modelId)) continue;
    const opening = openings.get(operation.modelId);
    if (opening !== undefined) book.openModel(operation.modelId, opening);
  }
}

async function openingOf(
  node: ChainNode,
  { oracle }: OracleBook,
  block: OracleBlock,
  modelId: bigint,
): Promise<ModelState> {
  const before = await readModel(node, oracle.address, modelId, { hash: block.parentHash });
  if (before.terms.exists) return before;
  // A model that was removed long ago without a payout still has its revenue, but no view shows
  // it until it is uploaded again.
  const after = await readModel(node, oracle.address, modelId, { hash: block.hash });
  const operations = block.operations.filter(
    (operation) => 'modelId' in operation && operation.modelId === modelId,
  );
  if (!after.terms.exists || operations.some(({ kind }) => kind === 'payout')) return before;
  const accrued = after.accrued - accruedBy(operations);
  return accrued > 0n ? { ...UNKNOWN_MODEL, accrued } : before;
}

/** What a model that began with nothing has accrued by the operations. */
function accruedBy(operations: readonly OracleOperation[]): bigint {
  try {
    return operations.reduce(applied, UNKNOWN_MODEL).accrued;
  } catch (error) {
    // Booking them will say which one is wrong.
    if (error instanceof LedgerError) return 0n;
    throw error;
  }
}

function applied(state: ModelState, operation: OracleOperation): ModelState {
  switch (operation.kind) {
    case 'terms':
      return applyModelTerms(state, operation.change);
    case 'request':
      return chargeRequest(state, operation.batchSize).state;
    case 'payout':
      return payOut(state, operation);
    default:
      return state;
  }
}

/**
 * Compares every model that was touched since the last comparison with the oracle's own view.
 *
 * @param since what the books said of the models since then
 * @throws ContractTroubleError `ORACLE_DIFFERS` if terms or accrued revenue are not the same: from the
 *   block on that shows it first
 */
export async function verifyModels(
  node: ChainNode,
  book: OracleBook,
  block: { readonly height: number; readonly hash: string },
  since: SinceCheck,
): Promise<void> {
  const { oracle } = book;
  const touched = book.takeTouched();
  // One with a flat fee has no view of models; its fee is compared at every block.
  if (book.flatFee !== null) return;
  const troubles = await Promise.all(
    touched.map(async (modelId) => {
      const ours = book.stateOf(modelId);
      const theirs = await readModel(node, oracle.address, modelId, { hash: block.hash });
      if (describe(ours) === describe(theirs)) return [];
      const error = new ImoError(
        'ORACLE_DIFFERS',
        `model ${modelId} of oracle ${checksummed(oracle.address)} at block ${block.height}: ` +
          `the books say ${describe(ours)}, the oracle says ${describe(theirs)}`,
        'The oracle changed it by an unknown function. Report it with the address.',
      );
      const lastRight = await since.lastRight(
        subjectOf(oracle.address, modelId),
        oracle.startBlock,
        async (then) => describe(await readModel(node, oracle.address, modelId, then)),
      );
      return [{ error, lastRight }];
    }),
  );
  const [earliest] = troubles.flat().sort((one, other) => one.lastRight - other.lastRight);
  if (earliest === undefined) return;
  const { error, lastRight } = earliest;
  throw troubleOf(error, { kind: 'oracle', address: oracle.address }, block.height, lastRight);
}

/** Notes the figures of the models that the newest block changed. */
export function noteModels(since: SinceCheck, book: OracleBook, block: number): void {
  if (book.flatFee !== null) return;
  for (const modelId of book.changedModels()) {
    since.note(subjectOf(book.oracle.address, modelId), block, describe(book.stateOf(modelId)));
  }
}

function subjectOf(oracle: string, modelId: bigint): string {
  return `${oracle} ${modelId}`;
}

/** Terms and accrued revenue as a text; of a removed model no view shows anything. */
function describe({ terms, accrued }: ModelState): string {
  if (!terms.exists) return 'removed';
  const { fee, receiver, receiverPercentage, asset } = terms;
  return `fee ${fee}, receiver ${receiver} with ${receiverPercentage} %, paid in ${asset}, accrued ${accrued}`;
}
