import { ImoError } from '../../../errors.js';
import type { RpcAnswer, RpcCall } from '../connection/answers.js';
import type { RefusalError } from './refusal.js';

const MEGABYTE = 2 ** 20;

/** Largest HTTP answer, in bytes. Larger data is requested in parts. */
export const ANSWER_BYTES_AT_MOST = 256 * MEGABYTE;

/** Bytes that a view may return. One that returns more answers nothing, as if it reverted. */
const VIEW_BYTES_AT_MOST = 4 * MEGABYTE;

/** Far from the codes that nodes use. */
const TOO_LARGE = -7_641_413;

/** What an endpoint would have said, if it had a limit of its own. */
export function tooLarge(bytes: number): RefusalError {
  const message = `the response is larger than ${Math.floor(bytes / MEGABYTE)} MB`;
  return { code: TOO_LARGE, message };
}

/** The error of an answer that is too large and has no parts; `null` for any other refusal. */
export function tooLargeFault(error: unknown, endpoint: string, question: string): ImoError | null {
  const isOurs = error instanceof Error && 'code' in error && error.code === TOO_LARGE;
  if (!isOurs) return null;
  return new ImoError(
    'RPC_ANSWER_TOO_LARGE',
    `the answer of ${endpoint} to ${question} is too large: ${error.message}`,
    'The indexer asks again, other endpoints too. If it lasts, use a node that traces single transactions: its answers are smaller.',
  );
}

/** Views that return too much return nothing: no contract decides how much memory is used. */
export function withoutLargeViews(calls: readonly RpcCall[], answers: RpcAnswer[]): RpcAnswer[] {
  return answers.map((answer, index) => {
    if (calls[index]?.method !== 'eth_call') return answer;
    const { result, error } = answer;
    const isLarge = typeof result === 'string' && result.length > 2 * VIEW_BYTES_AT_MOST + 2;
    // An answer of nothing but one view that was ended.
    if (isLarge || error?.code === TOO_LARGE) return { result: '0x' };
    return answer;
  });
}
