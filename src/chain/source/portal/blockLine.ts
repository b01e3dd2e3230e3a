import type { Hit } from '../finders/finder.js';

const HASH = /^0x[0-9a-fA-F]{64}$/;

/** The requested fields: only those that name a block and its transactions. */
export const SQD_FIELDS = {
  block: { number: true, hash: true, parentHash: true },
  transaction: { transactionIndex: true, hash: true },
  log: { logIndex: true, transactionIndex: true, transactionHash: true },
  trace: { transactionIndex: true, traceAddress: true, type: true },
} as const;

/** A block of an answer: the header always, the rest where something matched. */
export interface BlockLine {
  readonly number: number;
  readonly hash: string;
  readonly parentHash: string;
  /** `null`: the block only bounds what was searched. */
  readonly hit: Hit | null;
}

/** @returns `null` where the value is not such a record. Without a schema: every hit is a line. */
export function readBlock(value: unknown): BlockLine | null {
  if (!isRecord(value)) return null;
  const { header, transactions = [], logs = [], traces = [] } = value;
  const head = headOf(header);
  if (head === null || !areRecords(transactions) || !areRecords(logs) || !areRecords(traces)) {
    return null;
  }
  const hashes = new Set<string>();
  const known = new Set<unknown>();
  for (const { hash, transactionIndex } of transactions) {
    if (!isHash(hash) || !Number.isSafeInteger(transactionIndex)) return null;
    hashes.add(hash.toLowerCase());
    known.add(transactionIndex);
  }
  for (const { transactionHash } of logs) {
    if (!isHash(transactionHash)) return null;
    hashes.add(transactionHash.toLowerCase());
  }
  let isComplete = true;
  for (const { transactionIndex = null } of traces) {
    // The reward of a block belongs to no transaction.
    if (transactionIndex === null) continue;
    if (!Number.isSafeInteger(transactionIndex)) return null;
    isComplete &&= known.has(transactionIndex);
  }
  if (logs.length === 0 && traces.length === 0) return { ...head, hit: null };
  const { number: height, hash } = head;
  return { ...head, hit: { height, hash, transactions: isComplete ? [...hashes] : null } };
}

type Row = Readonly<Record<string, unknown>>;

function headOf(header: unknown): Omit<BlockLine, 'hit'> | null {
  if (!isRecord(header)) return null;
  const { number, hash, parentHash } = header;
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < 0) return null;
  if (!isHash(hash) || !isHash(parentHash)) return null;
  return { number, hash: hash.toLowerCase(), parentHash: parentHash.toLowerCase() };
}

function isHash(value: unknown): value is string {
  return typeof value === 'string' && HASH.test(value);
}

function isRecord(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function areRecords(value: unknown): value is readonly Row[] {
  return Array.isArray(value) && value.every(isRecord);
}
