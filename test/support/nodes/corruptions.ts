import { z } from 'zod';
import type { ProxiedCall } from './faultyProxy.js';

/** What goes wrong inside an answer that is good JSON. */
export type Corruption =
  /** No result: the node does not have the block. */
  | { readonly kind: 'null' }
  /** A result of another type. */
  | { readonly kind: 'wrongType' }
  /** An error inside a good HTTP answer. */
  | { readonly kind: 'error'; readonly message: string; readonly code?: number }
  /** An empty list of logs or traces. */
  | { readonly kind: 'empty' }
  /** Traces without those of the last transaction of the block. */
  | { readonly kind: 'lastTransactionUntraced' }
  /** Traces without the last call frame. */
  | { readonly kind: 'traceTailMissing' }
  /** Logs without the last one, or without the first one. */
  | { readonly kind: 'lastLogMissing' }
  | { readonly kind: 'firstLogMissing' }
  /** Logs with one that says that it comes from another contract. */
  | { readonly kind: 'foreignLog' }
  /** Call trees whose logs do not say where in their frames they are. */
  | { readonly kind: 'positionsMissing' }
  /** Call trees in which every payment is of one wei: those of another fork. */
  | { readonly kind: 'valuesChanged' }
  /** A block that says that it follows another one. */
  | { readonly kind: 'foreignParent' }
  /** A block that names another proposer than the one it paid, with withdrawals (EIP-4895) if given. */
  | { readonly kind: 'proposerHidden'; readonly withdrawals?: readonly object[] }
  /** A receipt whose first log says something else. */
  | { readonly kind: 'receiptDataChanged' }
  /** Another chain answers. */
  | { readonly kind: 'chainId'; readonly chainId: number }
  /** The head, so many blocks ago. */
  | { readonly kind: 'behind'; readonly blocks: number };

const answered = z.looseObject({ id: z.unknown(), result: z.unknown() });
const list = z.array(z.looseObject({}));

/** A good answer of a node, spoilt. */
export function corrupt(fault: Corruption, { id }: ProxiedCall, good: unknown): object {
  if (fault.kind === 'error') {
    return { jsonrpc: '2.0', id, error: { code: fault.code ?? -32000, message: fault.message } };
  }
  const answer = answered.parse(good);
  const withResult = (result: unknown) => ({ ...answer, result });
  switch (fault.kind) {
    case 'null':
      return withResult(null);
    case 'wrongType':
      return withResult({ surprise: 7641 });
    case 'empty':
      return withResult([]);
    case 'chainId':
      return withResult(`0x${fault.chainId.toString(16)}`);
    case 'behind': {
      const head = Number(z.string().parse(answer.result)) - fault.blocks;
      return withResult(`0x${Math.max(head, 0).toString(16)}`);
    }
    case 'traceTailMissing':
    case 'lastLogMissing':
      return withResult(list.parse(answer.result).slice(0, -1));
    case 'firstLogMissing':
      return withResult(list.parse(answer.result).slice(1));
    case 'lastTransactionUntraced': {
      const entries = list.parse(answer.result);
      const last = entries.at(-1)?.transactionHash;
      const kept = entries.filter(({ transactionHash }) => transactionHash !== last);
      return withResult(last === undefined ? entries.slice(0, -1) : kept);
    }
    case 'positionsMissing':
      return withResult(replaced(answer.result, 'position', undefined));
    case 'valuesChanged':
      return withResult(replaced(answer.result, 'value', '0x1'));
    case 'foreignParent':
      return withResult({
        ...z.looseObject({}).parse(answer.result),
        parentHash: `0x${'ab'.repeat(32)}`,
      });
    case 'proposerHidden': {
      const block = { ...z.looseObject({}).parse(answer.result), miner: `0x${'0b'.repeat(20)}` };
      return withResult(
        fault.withdrawals === undefined ? block : { ...block, withdrawals: fault.withdrawals },
      );
    }
    case 'receiptDataChanged': {
      const receipt = z.looseObject({ logs: list }).parse(answer.result);
      const [first, ...others] = receipt.logs;
      const changed = { ...first, data: `0x${'01'.repeat(32)}` };
      return withResult({ ...receipt, logs: first === undefined ? [] : [changed, ...others] });
    }
    case 'foreignLog': {
      const entries = list.parse(answer.result);
      const moved = { ...entries[0], address: `0x${'ab'.repeat(20)}` };
      return withResult(entries.length === 0 ? entries : [moved, ...entries.slice(1)]);
    }
  }
}

/** An answer with another value in every field of that name. */
function replaced(answer: unknown, field: string, by: string | undefined): unknown {
  const text = JSON.stringify(answer, (key, value: unknown) => (key === field ? by : value));
  return JSON.parse(text);
}
