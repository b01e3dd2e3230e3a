// SPDX-License-Identifier: GPL-3.0-or-later
import { getBalance, type TransactionReceipt } from './chain.js';
import { toQuantity } from './rpc.js';
import type { World } from './world.js';
import type { WorldToken } from './worldTokens.js';

type Payers = Pick<World, 'chain' | 'random' | 'blocks' | 'accounts' | 'untraced'>;
type Paid = Pick<WorldToken, 'contract'>;

const NO_COINBASE = `0x${'0'.repeat(40)}`;

/**
 * Raises a token's balance as a validator withdrawal does: at the end of a block, with no frame
 * (docs/domain.md#order). The block is empty, and what the node's state is after it counts as its own.
 */
export async function raiseBalance(
  world: Payers,
  token: Paid,
  amountWei = 1n + world.random.amount(10n ** 18n),
): Promise<void> {
  const { chain, blocks } = world;
  const address = token.contract.address;
  await blocks.mine([]);
  const balance = await getBalance(chain, address);
  await chain.rpc.call('anvil_setBalance', [address, toQuantity(balance + amountWei)]);
  await note(world, 'balance', address, amountWei);
}

/**
 * Gives a token the tip of a transaction, as the coinbase of a block with nothing else in it:
 * within a block nobody can see from the frames when a tip arrived.
 */
export async function tipToken(world: Payers, token: Paid): Promise<TransactionReceipt[]> {
  const { chain, random, blocks } = world;
  const address = token.contract.address;
  const [from, to] = [random.pick(world.accounts), random.pick(world.accounts)];
  const priorityFeeWei = 1n + random.amount(10n ** 9n);
  await chain.rpc.call('anvil_setCoinbase', [address]);
  const receipts = await blocks.mine([{ from, to, valueWei: 1n, priorityFeeWei }]);
  await chain.rpc.call('anvil_setCoinbase', [NO_COINBASE]);
  const gasUsed = receipts.reduce((sum, receipt) => sum + BigInt(receipt.gasUsed), 0n);
  await note(world, 'tip', address, gasUsed * priorityFeeWei);
  return receipts;
}

async function note(
  { chain, untraced }: Payers,
  kind: 'balance' | 'tip',
  token: string,
  amountWei: bigint,
): Promise<void> {
  const blockNumber = Number(await chain.rpc.call<string>('eth_blockNumber'));
  untraced.push({ kind, token, blockNumber, amountWei });
}
