// SPDX-License-Identifier: GPL-3.0-or-later
import { setTimeout as delay } from 'node:timers/promises';
import type { Chain } from './anvil.js';
import { toQuantity } from './rpc.js';

/** A transaction to be signed by the node. Every sender is unlocked on the devnet. */
export interface TransactionRequest {
  from: string;
  /** Left out: a contract is created. */
  to?: string;
  data?: string;
  valueWei?: bigint;
  /** Default 3 million, enough for every single operation of the devnet. */
  gas?: bigint;
  /** Tip per gas to the block's coinbase. Default 0. */
  priorityFeeWei?: bigint;
}

/** What the devnet uses of a receipt. */
export interface TransactionReceipt {
  transactionHash: string;
  /** 0x1 or 0x0. */
  status: string;
  blockNumber: string;
  contractAddress: string | null;
  gasUsed: string;
  effectiveGasPrice: string;
  logs: { address: string; topics: string[]; data: string }[];
}

/** A transaction that had to succeed did not. */
export class DevnetTransactionError extends Error {
  readonly code = 'DEVNET_TRANSACTION_REVERTED';

  constructor(
    readonly transactionHash: string,
    readonly request: TransactionRequest,
  ) {
    super(`transaction ${transactionHash} from ${request.from} to ${request.to} reverted`);
    this.name = 'DevnetTransactionError';
  }
}

/** The node took a transaction and mined it into no block. */
class DevnetNotMinedError extends Error {
  readonly code = 'DEVNET_TRANSACTION_NOT_MINED';

  constructor(readonly transactionHash: string) {
    super(`transaction ${transactionHash} was not mined within ${MINED_WITHIN_MS} ms`);
    this.name = 'DevnetNotMinedError';
  }
}

const MINED_WITHIN_MS = 20_000;
const FORGOTTEN_AFTER_MS = 3_000;

const DEFAULT_GAS = 3_000_000n;
const MAXIMUM_FEE_PER_GAS_WEI = 10_000_000_000n;

/** Hands a transaction to the node, which keeps it until a block is mined. @returns its hash */
export function sendTransaction(chain: Chain, request: TransactionRequest): Promise<string> {
  const { from, to, data, valueWei = 0n, gas = DEFAULT_GAS, priorityFeeWei = 0n } = request;
  // Fees are always said: the node's own estimate depends on its timing.
  const transaction = {
    from,
    to,
    data,
    value: toQuantity(valueWei),
    gas: toQuantity(gas),
    maxFeePerGas: toQuantity(MAXIMUM_FEE_PER_GAS_WEI + priorityFeeWei),
    maxPriorityFeePerGas: toQuantity(priorityFeeWei),
  };
  return chain.rpc.call<string>('eth_sendTransaction', [transaction]);
}

/** Mines one block of everything that is pending. @param timestamp unix seconds */
export async function mineBlock(chain: Chain, timestamp?: number): Promise<void> {
  await chain.rpc.call('evm_mine', timestamp === undefined ? [] : [toQuantity(timestamp)]);
}

/** Mines many blocks, the first of which takes everything that is pending. */
export async function mineBlocks(chain: Chain, count: number, secondsBetween = 1): Promise<void> {
  await chain.rpc.call('anvil_mine', [toQuantity(count), toQuantity(secondsBetween)]);
}

/** Whether the node mines each transaction as it comes (its own default). */
export async function setAutomine(chain: Chain, enabled: boolean): Promise<void> {
  await chain.rpc.call('evm_setAutomine', [enabled]);
}

/** The receipt, or null while the transaction is pending. */
function getReceipt(chain: Chain, hash: string): Promise<TransactionReceipt | null> {
  return chain.rpc.call<TransactionReceipt | null>('eth_getTransactionReceipt', [hash]);
}

/**
 * Sends a transaction and mines it, whether automine is on or off.
 * @throws DevnetTransactionError when it reverts, DevnetNotMinedError when no block takes it.
 */
export async function execute(
  chain: Chain,
  request: TransactionRequest,
): Promise<TransactionReceipt> {
  const hash = await sendTransaction(chain, request);
  const receipt = (await getReceipt(chain, hash)) ?? (await mineUntilReceipt(chain, hash));
  if (receipt.status !== '0x1') throw new DevnetTransactionError(hash, request);
  return receipt;
}

/**
 * A node that mines by itself may answer before it has: mining for it would add a block. But of
 * several transactions that arrive at once it sometimes forgets one, which then waits for a block.
 */
async function mineUntilReceipt(chain: Chain, hash: string): Promise<TransactionReceipt> {
  if (!(await chain.rpc.call<boolean>('anvil_getAutomine'))) await mineBlock(chain);
  const start = performance.now();
  let isForgotten = false;
  for (;;) {
    const receipt = await getReceipt(chain, hash);
    if (receipt !== null) return receipt;
    const waited = performance.now() - start;
    if (waited > MINED_WITHIN_MS) throw new DevnetNotMinedError(hash);
    if (waited > FORGOTTEN_AFTER_MS && !isForgotten) {
      isForgotten = true;
      await mineBlock(chain);
    }
    await delay(5);
  }
}

/** Number and timestamp (unix seconds) of the newest block. */
export async function latestBlock(chain: Chain): Promise<{ number: number; timestamp: number }> {
  const block = await chain.rpc.call<{ number: string; timestamp: string }>(
    'eth_getBlockByNumber',
    ['latest', false],
  );
  return { number: Number(block.number), timestamp: Number(block.timestamp) };
}

/** ETH balance in wei, at a block (default: the newest). */
export async function getBalance(chain: Chain, address: string, block?: number): Promise<bigint> {
  const tag = block === undefined ? 'latest' : toQuantity(block);
  return BigInt(await chain.rpc.call<string>('eth_getBalance', [address, tag]));
}
