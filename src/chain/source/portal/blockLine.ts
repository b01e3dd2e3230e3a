import { z } from 'zod';
import type { Hit } from '../finders/finder.js';

const hash = z
  .string()
  .regex(/^0x[0-9a-fA-F]{64}$/)
  .transform((text) => text.toLowerCase());

const record = z.object({
  header: z.object({ number: z.int().min(0), hash, parentHash: hash }),
  transactions: z.array(z.object({ hash, transactionIndex: z.int() })).default([]),
  logs: z.array(z.object({ transactionHash: hash })).default([]),
  traces: z.array(z.object({ transactionIndex: z.int().nullish() })).default([]),
});

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

/** @returns `null` where the value is not such a record. */
export function readBlock(value: unknown): BlockLine | null {
  const parsed = record.safeParse(value);
  if (!parsed.success) return null;
  const { header, transactions, logs, traces } = parsed.data;
  const { number: height, hash: blockHash } = header;
  if (logs.length === 0 && traces.length === 0) return { ...header, hit: null };
  const known = new Set(transactions.map(({ transactionIndex }) => transactionIndex));
  const isComplete = traces.every(
    ({ transactionIndex: index }) => index == null || known.has(index),
  );
  if (!isComplete) return { ...header, hit: { height, hash: blockHash, transactions: null } };
  const hashes = new Set([
    ...transactions.map((transaction) => transaction.hash),
    ...logs.map(({ transactionHash }) => transactionHash),
  ]);
  return { ...header, hit: { height, hash: blockHash, transactions: [...hashes] } };
}
