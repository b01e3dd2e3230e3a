import type { RootedReceipt } from './receiptsRoot.js';

const BYTES = /^0x(?:[0-9a-fA-F]{2})*$/;
const QUANTITY = /^0x[0-9a-fA-F]+$/;

/** A log of a receipt, as a node writes it. */
export interface RawReceiptLog {
  readonly blockNumber: string;
  readonly blockHash: string;
  readonly logIndex: string;
  readonly transactionIndex: string;
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
}

/** A receipt, as far as a block commits to it, and the parties of its transaction. */
export interface RawReceipt extends RootedReceipt {
  readonly blockHash: string;
  readonly transactionHash: string;
  readonly from?: string | null | undefined;
  readonly to?: string | null | undefined;
  readonly contractAddress?: string | null | undefined;
  readonly logs: readonly RawReceiptLog[];
}

/**
 * Receipts as they were answered, with copies of their logs: those are changed when they are read. A block may
 * have 100,000 logs: a general schema takes as long for them as all checks of the block.
 *
 * @returns `null` if one of them is not a receipt
 */
export function readReceipts(answers: unknown): RawReceipt[] | null {
  if (!Array.isArray(answers) || !answers.every(isReceipt)) return null;
  return answers.map((receipt) => ({ ...receipt, logs: receipt.logs.map((log) => ({ ...log })) }));
}

function isReceipt(value: unknown): value is RawReceipt {
  if (!isObject(value)) return false;
  const { logs } = value;
  return (
    ['blockHash', 'transactionHash', 'logsBloom'].every((field) => isBytes(value[field])) &&
    ['cumulativeGasUsed', 'gasUsed'].every((field) => isQuantity(value[field])) &&
    ['type', 'status', 'depositNonce', 'depositReceiptVersion'].every(
      (field) => value[field] === undefined || isQuantity(value[field]),
    ) &&
    (value.root === undefined || isBytes(value.root)) &&
    ['from', 'to', 'contractAddress'].every(
      (field) => value[field] === undefined || value[field] === null || isNibbles(value[field]),
    ) &&
    Array.isArray(logs) &&
    logs.every(isLog)
  );
}

function isLog(value: unknown): value is RawReceiptLog {
  if (!isObject(value)) return false;
  const { blockNumber, blockHash, logIndex, transactionIndex, address, topics, data } = value;
  return (
    isQuantity(blockNumber) &&
    isBytes(blockHash) &&
    isQuantity(logIndex) &&
    isQuantity(transactionIndex) &&
    isBytes(address) &&
    Array.isArray(topics) &&
    topics.every(isBytes) &&
    isBytes(data)
  );
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
const isBytes = (value: unknown) => typeof value === 'string' && BYTES.test(value);
const isNibbles = (value: unknown) => typeof value === 'string' && /^0x[0-9a-fA-F]*$/.test(value);
const isQuantity = (value: unknown) => typeof value === 'string' && QUANTITY.test(value);
