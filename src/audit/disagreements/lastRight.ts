import { setTimeout as delay } from 'node:timers/promises';
import type { ChainNode } from '../../chain/node.js';
import { ImoError } from '../../errors.js';
import { operationBlocks } from '../../store/read/audits/auditMoments.js';
import type { Queryable } from '../../store/read/query/queryable.js';
import type { TokenRecord } from '../../store/read/tokens/tokens.js';
import { ChainViews } from '../questions/chainViews.js';
import type { Mismatch } from '../questions/question.js';
import { compare } from '../steps/compare.js';
import { momentQuestions } from '../steps/earlier.js';

/** Blocks at equal distances over the life of a token, besides those with its operations. */
const SPREAD_BLOCKS = 24;
/** Figures of holders that are asked about at each block. */
const FIGURES_AT_MOST = 400;
const HOLDERS_AT_MOST = 25;
/** Pauses before another request for a block with a state that a node refused, in milliseconds. */
const PAUSES_MS = [100, 500];

/** Until when the figures of a token are right. */
export interface LastRight {
  /** The last block proven right; the one before its first block where it never was. */
  readonly block: number;
  /** What differs after it; `null`: nothing was found. */
  readonly difference: Mismatch | null;
  /** Figures up to this block could not be compared: the node keeps no such state. */
  readonly unprovenTo: number | null;
}

/** The first figure that differs, `null` if all agree, `unknown` without the state of the block. */
type Verdict = Mismatch | null | 'unknown';

/**
 * Finds the last block at which the figures of a token are right. Compares them with the contract at
 * blocks with operations and at some between, the newest first, and closes in on the first block
 * that differs. The number of questions is bounded, whatever the life of the token.
 *
 * @param lastBlock the newest block that is booked and may be right
 * @throws ImoError `RPC_UNREACHABLE`
 */
export async function findLastRight(
  db: Queryable,
  node: ChainNode,
  token: TokenRecord,
  lastBlock: number,
): Promise<LastRight> {
  const first = token.startBlock;
  const at = async (block: number): Promise<Verdict> => {
    // A node that is shaky refuses what it has.
    for (const pause of PAUSES_MS) {
      const verdict = await verdictAt(db, node, token, block);
      if (verdict !== 'unknown') return verdict;
      await delay(pause);
    }
    return verdictAt(db, node, token, block);
  };
  let right = first - 1;
  let wrong: { readonly block: number; readonly difference: Mismatch } | null = null;
  let unprovenTo: number | null = null;
  const seen: number[] = [];
  for (const block of await checkpoints(db, token, lastBlock)) {
    const verdict = await at(block);
    if (verdict === 'unknown') {
      unprovenTo = block;
      break;
    }
    if (verdict === null) seen.push(block);
    else wrong = { block, difference: verdict };
  }
  if (wrong === null) return { block: lastBlock, difference: null, unprovenTo };
  const { block: wrongBlock } = wrong;
  right = seen.find((block) => block < wrongBlock) ?? unprovenTo ?? first - 1;
  while (wrong.block - right > 1) {
    const middle = Math.floor((right + wrong.block) / 2);
    const verdict = await at(middle);
    if (verdict === 'unknown') unprovenTo = middle;
    if (verdict === null || verdict === 'unknown') right = middle;
    else wrong = { block: middle, difference: verdict };
  }
  return { block: wrong.block - 1, difference: wrong.difference, unprovenTo };
}

/** Newest first. */
async function checkpoints(
  db: Queryable,
  { number, startBlock }: TokenRecord,
  lastBlock: number,
): Promise<number[]> {
  const blocks = new Set([lastBlock, ...(await operationBlocks(db, number, lastBlock))]);
  const length = lastBlock - startBlock;
  for (let part = 0; part < SPREAD_BLOCKS; part++) {
    blocks.add(startBlock + Math.floor((length * part) / SPREAD_BLOCKS));
  }
  return [...blocks]
    .filter((block) => block >= startBlock && block <= lastBlock)
    .toSorted((left, right) => right - left);
}

async function verdictAt(
  db: Queryable,
  node: ChainNode,
  token: TokenRecord,
  number: number,
): Promise<Verdict> {
  try {
    const { hash } = await node.blockHeader(number);
    const views = await ChainViews.at(node, { number, hash });
    const limits = { holders: HOLDERS_AT_MOST, figures: FIGURES_AT_MOST };
    const questions = await momentQuestions(db, token, { number, hash }, limits);
    const { mismatches } = await compare(views, questions);
    return mismatches[0] ?? null;
  } catch (error) {
    const isAnswered = error instanceof ImoError && error.code.startsWith('RPC_');
    if (isAnswered && error.code !== 'RPC_UNREACHABLE') return 'unknown';
    throw error;
  }
}
