import { checksummed } from '../address.js';
import type { BlockHeader, ChainNode } from '../chain/node.js';
import { ImoError } from '../errors.js';
import type { TokenBook } from './tokenBook.js';

/**
 * ETH that no call frame brought: tips to the block's proposer, withdrawals, block
 * rewards, money that was there before the contract (DOMAIN.md 3).
 */
export interface UntracedReceipt {
  readonly kind: 'untraced';
  readonly amountWei: bigint;
  /** Before the first operation of the block, after one of its transactions, or at its end. */
  readonly when: 'start' | 'after-transaction' | 'end';
  /** The transaction whose tip it is. */
  readonly transactionIndex: number | null;
  readonly transactionHash: string | null;
}

/** Untraced money with the block in which it appeared. */
export interface UntracedInBlock {
  readonly block: BlockHeader;
  readonly receipt: UntracedReceipt;
}

/** What is compared: the balance by the books and by the node at the end of a block. */
export interface BalanceCheck {
  readonly book: TokenBook;
  readonly block: BlockHeader;
  readonly proposer: string;
  /** By the books, all operations of the block included. */
  readonly computedWei: bigint;
  /** By `eth_getBalance` at the block's hash. */
  readonly actualWei: bigint;
}

/**
 * Finds in which blocks the money appeared that the books do not explain. Nothing is
 * guessed: every block with such money is found by comparing balances.
 *
 * Between `book.checkedBlock` and the block no operation moved the token's ETH.
 *
 * @throws ImoError `CHAIN_BALANCE_TOO_LOW` if money is missing instead.
 */
export async function findUntraced(
  node: ChainNode,
  check: BalanceCheck,
): Promise<UntracedInBlock[]> {
  const { book, block } = check;
  const unexplainedWei = check.actualWei - check.computedWei;
  if (unexplainedWei === 0n) return [];
  const settledWei = book.state.balanceWei;
  const address = book.token.address;
  const [actualBeforeWei = 0n] =
    block.number === 0 ? [] : await node.balances([{ address, block: block.number - 1 }]);
  const earlierWei = actualBeforeWei - settledWei;
  if (unexplainedWei < 0n || earlierWei < 0n || earlierWei > unexplainedWei) {
    throw tooLow(check, settledWei, actualBeforeWei);
  }
  const found: UntracedInBlock[] = [];
  if (earlierWei > 0n) found.push(...(await locateEarlier(node, check, settledWei, earlierWei)));
  const inBlockWei = unexplainedWei - earlierWei;
  if (inBlockWei > 0n) found.push(...(await locateInBlock(node, check, inBlockWei)));
  return found;
}

/** Money that was there when the block began. */
async function locateEarlier(
  node: ChainNode,
  { book, block }: BalanceCheck,
  settledWei: bigint,
  earlierWei: bigint,
): Promise<UntracedInBlock[]> {
  const from = Math.max(book.checkedBlock, book.token.startBlock - 1);
  if (block.number - 1 <= from) {
    return [{ block, receipt: untraced(earlierWei, 'start') }];
  }
  const steps: { blockNumber: number; amountWei: bigint }[] = [];
  const bisect = async (low: number, atLow: bigint, high: number, atHigh: bigint) => {
    if (atLow === atHigh) return;
    if (high - low === 1) {
      steps.push({ blockNumber: high, amountWei: atHigh - atLow });
      return;
    }
    const middle = Math.floor((low + high) / 2);
    const [atMiddle = 0n] = await node.balances([{ address: book.token.address, block: middle }]);
    await bisect(low, atLow, middle, atMiddle);
    await bisect(middle, atMiddle, high, atHigh);
  };
  await bisect(from, settledWei, block.number - 1, settledWei + earlierWei);
  const found: UntracedInBlock[] = [];
  for (const { blockNumber, amountWei } of steps) {
    found.push({
      block: await node.blockHeader(blockNumber),
      receipt: untraced(amountWei, 'end'),
    });
  }
  return found;
}

/** Money of the block itself: tips after their transactions, all else at the end. */
async function locateInBlock(
  node: ChainNode,
  { book, block, proposer }: BalanceCheck,
  inBlockWei: bigint,
): Promise<UntracedInBlock[]> {
  const found: UntracedInBlock[] = [];
  let restWei = inBlockWei;
  if (proposer === book.token.address) {
    for (const { tipWei, ...transaction } of await node.tips(block.hash)) {
      if (tipWei === 0n) continue;
      restWei -= tipWei;
      found.push({ block, receipt: { ...untraced(tipWei, 'after-transaction'), ...transaction } });
    }
  }
  if (restWei < 0n) {
    throw new ImoError(
      'CHAIN_TIPS_DIFFER',
      `the tips of block ${block.number} to ${checksummed(book.token.address)} are ` +
        `${inBlockWei - restWei} wei by its receipts, ${inBlockWei} by the balance`,
      'This chain pays its proposers in another way than Ethereum; its tips cannot be booked.',
    );
  }
  if (restWei > 0n) found.push({ block, receipt: untraced(restWei, 'end') });
  return found;
}

function untraced(amountWei: bigint, when: UntracedReceipt['when']): UntracedReceipt {
  return { kind: 'untraced', amountWei, when, transactionIndex: null, transactionHash: null };
}

function tooLow(check: BalanceCheck, settledWei: bigint, actualBeforeWei: bigint): ImoError {
  const { book, block, computedWei, actualWei } = check;
  return new ImoError(
    'CHAIN_BALANCE_TOO_LOW',
    `${checksummed(book.token.address)} holds ${actualWei} wei at block ${block.number} where the ` +
      `books say ${computedWei} (block before: ${actualBeforeWei} and ${settledWei})`,
    'ETH left the token in a way that no revenue policy explains, or the node answered from ' +
      'another fork; try again, and remove the token from the config if it stays.',
  );
}
