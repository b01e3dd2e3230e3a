import type pg from 'pg';
import type { ChainNode } from '../chain/node.js';
import { ImoError } from '../errors.js';
import { type AsOf, type Moment, resolveAsOf } from '../store/read/chains/asOf.js';
import { readChainHeads } from '../store/read/chains/chainHeads.js';
import { readHolds } from '../store/read/tokens/holds.js';
import { oldestKnownBlock } from '../store/write/knownBlocks.js';
import {
  type Disagreement,
  explain,
  explainCollection,
  explainOracle,
  explainPool,
  explainSale,
} from './disagreements/disagreement.js';
import { type AuditedBlock, ChainViews } from './questions/chainViews.js';
import type { Mismatch } from './questions/question.js';
import type { AuditState } from './state.js';
import { DrawnHolders } from './steps/drawnHolders.js';
import { auditUpToItsEnd, endedBooks } from './steps/heldBooks.js';
import { PartsAhead } from './steps/partsAhead.js';
import { type AuditStep, auditSteps } from './steps/steps.js';

/** Each takes a bisection over the whole life of its token. */
const EXPLAINED_AT_MOST = 20;
/** Of each contract, so that one that is all wrong hides no other. */
export const DETAILED_PER_CONTRACT = 200;

/** How far an audit has come. */
export interface AuditProgress {
  readonly accounts: number;
  /** Accounts of all contracts together. */
  readonly accountsInAll: number;
  readonly figures: number;
  readonly mismatches: number;
}

export interface AuditOptions {
  readonly db: pg.Pool;
  readonly node: ChainNode;
  /** Use Multicall3 where it is deployed. */
  readonly multicall: boolean;
  readonly onProgress: (progress: AuditProgress) => void;
  /** Called with every part; what it was called with last can be gone on from. */
  readonly save: (state: AuditState) => Promise<void>;
  /** Pages of holders that are compared at once. */
  readonly pagesAtOnce: number;
  readonly signal: AbortSignal;
}

/**
 * The block of the books that an audit is about, by number and hash.
 *
 * @throws ImoError `NOTHING_INDEXED`, `BLOCK_NOT_INDEXED`, `AUDIT_OTHER_CHAIN`,
 *   `AUDIT_OTHER_FORK` if the node has another block of that number
 */
export async function auditedBlock(
  db: pg.Pool,
  node: ChainNode,
  chainId: number,
  at: Moment | null,
): Promise<AuditedBlock> {
  const ofNode = await node.chainId();
  if (ofNode !== chainId) {
    throw new ImoError(
      'AUDIT_OTHER_CHAIN',
      `${node.displayUrl} is a node of chain ${ofNode}, not of chain ${chainId}`,
      'Correct `rpc` or `id` of the chain in the config.',
    );
  }
  const { block, hash } = await booksAt(db, chainId, at);
  const header = await node.blockHeader(block);
  // A block whose hash is not remembered is on the chain of the next one whose hash is.
  const known =
    hash === null ? await oldestKnownBlock(db, chainId, block) : { height: block, hash };
  const { height } = known ?? { height: block };
  const seen = height === block ? header : await node.blockHeader(height);
  if (known === null || known.hash === seen.hash) return { number: block, hash: header.hash };
  throw new ImoError(
    'AUDIT_OTHER_FORK',
    `block ${height} of chain ${chainId} is ${known.hash} in the books, ${seen.hash} at ${node.displayUrl}`,
    'A reorg is in progress, or the node is on another fork. Try again when `index` has followed.',
  );
}

/**
 * Audits a chain from where `state` stands to its end.
 *
 * @throws ImoError `AUDIT_INTERRUPTED` if the signal aborts, `AUDIT_REORGANISED` if the books
 *   took back the block meanwhile, and those of `ChainNode`
 */
export async function runAudit(options: AuditOptions, from: AuditState): Promise<AuditState> {
  const { db, node, multicall, onProgress, save, signal } = options;
  const { chainId, block, holders, earlier, token } = from;
  const views = await ChainViews.at(node, block, { multicall });
  const asked = holders === 'all' ? holders : new DrawnHolders(db, holders);
  const context = { db, node, views, multicall, holders: asked, earlier: earlier ?? 0 };
  const held = endedBooks(await readHolds(db, chainId), block.number);
  const steps = await auditSteps(db, chainId, block.number, holders, token, earlier);
  const accountsInAll = steps.reduce((sum, { size }) => sum + size, 0);
  const place = { step: from.steps, after: from.after };
  const parts = new PartsAhead(options.pagesAtOnce, steps, place, (step, after) =>
    auditUpToItsEnd(context, step, after, held),
  );

  let state = from;
  for (;;) {
    // An audit that is over has nothing to interrupt.
    if (signal.aborted && state.steps < steps.length) throw interrupted(state);
    const started = await parts.next();
    if (started === null) return state;
    const { step, part } = started;
    const { figures, mismatches } = await part.comparison;
    await assertSameBooks(db, state);
    state = {
      ...state,
      steps: part.next === null ? state.steps + 1 : state.steps,
      after: part.next,
      accounts: state.accounts + part.accounts,
      figures: state.figures + figures,
      mismatchCount: state.mismatchCount + mismatches.length,
      mismatches: await withDetails(db, node, step, state.mismatches, mismatches),
      notCompared: [...state.notCompared, ...part.notCompared],
    };
    await save(state);
    const { accounts, mismatchCount } = state;
    const inAll = Math.max(accountsInAll, accounts);
    const { figures: compared } = state;
    onProgress({ accounts, accountsInAll: inAll, figures: compared, mismatches: mismatchCount });
  }
}

async function withDetails(
  db: pg.Pool,
  node: ChainNode,
  step: AuditStep,
  known: readonly Disagreement[],
  mismatches: readonly Mismatch[],
): Promise<Disagreement[]> {
  const all: Disagreement[] = [...known];
  const { address } = step.record;
  const before = known.filter(({ token }) => token === address).length;
  for (const mismatch of mismatches.slice(0, Math.max(0, DETAILED_PER_CONTRACT - before))) {
    const isTold = all.length < EXPLAINED_AT_MOST;
    const untold = { ...mismatch, lastAgreement: null, operations: [] };
    all.push(isTold ? await explained(db, node, step, mismatch) : untold);
  }
  return all;
}

function explained(
  db: pg.Pool,
  node: ChainNode,
  step: AuditStep,
  mismatch: Mismatch,
): Promise<Disagreement> {
  switch (step.kind) {
    case 'token':
    case 'earlier':
      return explain(db, node, step.record, mismatch);
    case 'sale':
      return explainSale(db, node, step.record, mismatch);
    case 'pool':
      return explainPool(db, node, step.record, mismatch);
    case 'oracle':
      return explainOracle(db, node, step.record, mismatch);
    case 'collection':
      return explainCollection(db, node, step.record, mismatch);
  }
}

async function booksAt(db: pg.Pool, chainId: number, at: Moment | null): Promise<AsOf> {
  const head = (await readChainHeads(db)).get(chainId);
  if (head !== undefined) return resolveAsOf(db, head, at);
  throw new ImoError(
    'NOTHING_INDEXED',
    `no block of chain ${chainId} is indexed yet`,
    'Start `imo-ledger index` first; `imo-ledger status` shows how far it is.',
  );
}

/** Rows of later blocks are left out of every read; only a reorg can change what was read. */
async function assertSameBooks(db: pg.Pool, { chainId, block }: AuditState): Promise<void> {
  const head = (await readChainHeads(db)).get(chainId);
  const isThere = head !== undefined && head.block >= block.number;
  const hash = isThere ? (await resolveAsOf(db, head, { block: block.number })).hash : '0x';
  if (hash === null || hash === block.hash) return;
  throw new ImoError(
    'AUDIT_REORGANISED',
    `the books took back block ${block.number} of chain ${chainId} while it was audited`,
    'Start the audit again, or audit a final block with --at.',
  );
}

function interrupted({ figures }: AuditState): ImoError {
  return new ImoError(
    'AUDIT_INTERRUPTED',
    `the audit was interrupted after ${figures} figures`,
    'Run the same command with --resume: it continues from here.',
  );
}
