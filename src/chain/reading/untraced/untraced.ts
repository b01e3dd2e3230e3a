import { checksummed } from '../../../address.js';
import { ImoError } from '../../../errors.js';
import type { BlockHeader, BlockTag, ChainNode } from '../../node.js';
import { RereadError } from '../rereadError.js';
import { type BalanceCheck, explainEarlier, explainInBlock } from './untracedCauses.js';
import type { UntracedReceipt } from './untracedReceipt.js';

/** Untraced money with the block in which it appeared. */
export interface UntracedInBlock {
  readonly block: BlockHeader;
  readonly receipt: UntracedReceipt;
}

/**
 * Finds the blocks with money that the books do not explain. It guesses nothing: it compares
 * balances to find every block with such money, and ignores an answer that a second one
 * contradicts.
 *
 * Between `checkedBlock` and the block no operation moved the token's money.
 *
 * @throws ImoError `CHAIN_BALANCE_TOO_LOW` if money is missing instead, `RPC_BALANCES_DIFFER` if
 *   two answers about one balance differ: ask for the block again. RereadError if the money was
 *   there at `checkedBlock`: the node's answer for that block was wrong.
 */
export async function findUntraced(
  node: ChainNode,
  answered: BalanceCheck,
): Promise<UntracedInBlock[]> {
  const { block, settledWei } = answered;
  if (answered.actualWei === answered.computedWei) return [];
  const actualWei = await balanceAt(node, answered, { hash: block.hash });
  const check = { ...answered, actualWei };
  const unexplainedWei = actualWei - check.computedWei;
  if (unexplainedWei === 0n) return [];
  const actualBeforeWei = block.number === 0 ? 0n : await balanceAt(node, check, block.number - 1);
  const earlierWei = actualBeforeWei - settledWei;
  if (unexplainedWei < 0n || earlierWei < 0n || earlierWei > unexplainedWei) {
    throw tooLow(check, actualBeforeWei);
  }
  const found: UntracedInBlock[] = [];
  if (earlierWei > 0n) found.push(...(await locateEarlier(node, check, earlierWei)));
  const inBlockWei = unexplainedWei - earlierWei;
  const receipts = await explainInBlock(node, check, inBlockWei);
  return [...found, ...receipts.map((receipt) => ({ block, receipt }))];
}

/**
 * The token's money at the end of a block, by two answers in a row that are the same. The second
 * comes from another endpoint where there is one.
 *
 * @throws ImoError `RPC_BALANCES_DIFFER` if no two in a row are the same
 */
async function balanceAt(node: ChainNode, check: BalanceCheck, block: BlockTag): Promise<bigint> {
  let [beforeWei, againWei] = [await askBalance(node, check, block), 0n];
  for (let reading = 2; reading <= READINGS_AT_MOST; reading++) {
    node.distrust(check.asset === null ? 'eth_getBalance' : 'eth_call');
    againWei = await askBalance(node, check, block);
    if (againWei === beforeWei) return againWei;
    if (reading < READINGS_AT_MOST) beforeWei = againWei;
  }
  throw balancesDiffer(check, beforeWei, againWei);
}

async function askBalance(
  node: ChainNode,
  { token: { address }, asset }: BalanceCheck,
  block: BlockTag,
): Promise<bigint> {
  if (asset !== null) return node.assetBalance(asset, address, block);
  const [balanceWei = 0n] = await node.balances([{ address, block }]);
  return balanceWei;
}

/** Answers about one balance before it asks the node for the whole block again. */
const READINGS_AT_MOST = 6;

/** Money that was there when the block began. */
async function locateEarlier(
  node: ChainNode,
  check: BalanceCheck,
  earlierWei: bigint,
): Promise<UntracedInBlock[]> {
  const { token, block, settledWei, checkedBlock } = check;
  const from = Math.max(checkedBlock, token.startBlock - 1);
  await assertSettled(node, check);
  if (block.number - 1 <= from) {
    const receipts = await explainEarlier(node, check, earlierWei);
    return receipts.map((receipt) => ({ block, receipt }));
  }
  const steps: { blockNumber: number; atLow: bigint; amountWei: bigint }[] = [];
  const bisect = async (low: number, atLow: bigint, high: number, atHigh: bigint) => {
    if (atLow === atHigh) return;
    if (high - low === 1) {
      steps.push({ blockNumber: high, atLow, amountWei: atHigh - atLow });
      return;
    }
    const middle = Math.floor((low + high) / 2);
    const atMiddle = await balanceAt(node, check, middle);
    await bisect(low, atLow, middle, atMiddle);
    await bisect(middle, atMiddle, high, atHigh);
  };
  await bisect(from, settledWei, block.number - 1, settledWei + earlierWei);
  const found: UntracedInBlock[] = [];
  for (const { blockNumber, atLow, amountWei } of steps) {
    const stepBlock = await node.blockHeader(blockNumber);
    const none = { hasOrder: false, deciding: new Set<number>(), destructions: [] };
    const step = { ...check, ...none, block: stepBlock };
    const isFirst = blockNumber === token.startBlock && blockNumber > 0;
    const earlier = isFirst ? (await balanceAt(node, check, blockNumber - 1)) - atLow : 0n;
    const receipts = [
      ...(await explainEarlier(node, step, earlier)),
      ...(await explainInBlock(node, step, amountWei - earlier)),
    ];
    found.push(...receipts.map((receipt) => ({ block: stepBlock, receipt })));
  }
  return found;
}

/**
 * One answer that agrees with the books is believed. Where nothing moved, the balance of the block
 * before agrees too, although money without a frame came.
 *
 * @throws RereadError if the books were wrong at the block where they were compared
 */
async function assertSettled(node: ChainNode, check: BalanceCheck): Promise<void> {
  const { token, asset, settledWei, checkedBlock, wasCompared } = check;
  if (!wasCompared || checkedBlock < token.startBlock) return;
  const thenWei = await balanceAt(node, check, checkedBlock);
  if (thenWei === settledWei) return;
  const unit = asset === null ? 'wei' : `of ${checksummed(asset)}`;
  throw new RereadError(
    checkedBlock,
    `${checksummed(token.address)} held ${thenWei} ${unit} at block ${checkedBlock} where a node ` +
      `answered ${settledWei} before`,
  );
}

function tooLow(check: BalanceCheck, actualBeforeWei: bigint): ImoError {
  const { token, block, asset, settledWei, computedWei, actualWei } = check;
  const unit = asset === null ? 'wei' : `of ${checksummed(asset)}`;
  return new ImoError(
    'CHAIN_BALANCE_TOO_LOW',
    `${checksummed(token.address)} holds ${actualWei} ${unit} at block ${block.number} where the ` +
      `books say ${computedWei} (block before: ${actualBeforeWei} and ${settledWei})`,
    'Money left the token in a way that no revenue policy explains, or the node answered from ' +
      'another fork. Try again. If this lasts, remove the token from the config.',
  );
}

function balancesDiffer(check: BalanceCheck, firstWei: bigint, secondWei: bigint): ImoError {
  const { token, block, asset } = check;
  const unit = asset === null ? 'wei' : `of ${checksummed(asset)}`;
  return new ImoError(
    'RPC_BALANCES_DIFFER',
    `${checksummed(token.address)} at or before block ${block.number} holds ${firstWei} ${unit} in ` +
      `one answer and ${secondWei} in the next`,
    'Nothing was booked. A node answered with the state of another block. The indexer asks again.',
  );
}
