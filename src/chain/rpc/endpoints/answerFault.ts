import { redactText } from '../../../config/redact.js';

/** What was asked when an answer turned out to be wrong. */
export interface Asked {
  readonly method: string;
  /** The endpoint that answered, without secrets. */
  readonly endpoint: string;
  readonly block?: { readonly height: number; readonly hash: string };
  readonly transactionHash?: string;
}

/** An answer that cannot be right; the same question may be answered rightly elsewhere or later. */
export class AnswerError extends Error {
  override readonly name = 'AnswerError';
  readonly rpcMethod: string;

  constructor(asked: Asked, what: string) {
    super(describeAnswer(asked, what));
    this.rpcMethod = asked.method;
  }
}

/** "trace_block of block 5 (0x…), transaction 0x…, by http://host: what". */
export function describeAnswer(
  { method, endpoint, block, transactionHash }: Asked,
  what: string,
): string {
  const where = [
    block === undefined ? method : `${method} of block ${block.height} (${block.hash})`,
    ...(transactionHash === undefined ? [] : [`transaction ${transactionHash}`]),
    `by ${endpoint}`,
  ];
  return `${where.join(', ')}: ${redactText(what)}`;
}

/** What a call is about, from its first parameter: a block's number or hash, or a range. */
export function subjectOf(method: string, params: readonly unknown[] | undefined): string {
  const [first, second] = params ?? [];
  if (typeof first === 'object' && first !== null && 'fromBlock' in first && 'toBlock' in first) {
    return `${method} of blocks ${numberOf(first.fromBlock)} to ${numberOf(first.toBlock)}`;
  }
  if (typeof first !== 'string') return method;
  if (/Transaction/.test(method)) return `${method} of ${first}`;
  if (first.length === 66 || /block/i.test(method)) return `${method} of block ${numberOf(first)}`;
  if (second === undefined) return `${method} of ${first}`;
  const at = typeof second === 'object' && second !== null ? Object.values(second)[0] : second;
  return `${method} of ${first} at block ${numberOf(at)}`;
}

function numberOf(value: unknown): string {
  const text = String(value);
  return /^0x[0-9a-f]{1,13}$/i.test(text) ? String(Number(text)) : text;
}
