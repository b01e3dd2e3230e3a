import { z } from 'zod';
import type { Dialect, OddReply } from './oddNode.js';

const filter = z.looseObject({ fromBlock: z.string(), toBlock: z.string() });

/** How a provider words the limit of a range of `max` blocks, refusing [from, to]. */
export type Wording = (max: number, from: number, to: number) => OddReply;

const hex = (block: number) => `0x${block.toString(16)}`;
const refusal = (code: number, message: string, status?: number): OddReply => ({
  error: { code, message },
  ...(status === undefined ? {} : { status }),
});

/** Limits of eth_getLogs in the words of providers and clients, and in words of nobody yet. */
export const WORDINGS: Readonly<Record<string, Wording>> = {
  'a range that should work': (max, from) =>
    refusal(
      -32602,
      'Log response size exceeded. You can make eth_getLogs requests with up to a 2K block range. ' +
        `Based on your parameters and the response size limit, this block range should work: [${hex(from)}, ${hex(from + max - 1)}]`,
    ),
  'a number of blocks': (max) => refusal(-32614, `eth_getLogs is limited to a ${max} range`),
  'a number of results': () => refusal(-32005, 'query returned more than 10000 results'),
  'a range to retry with': (max, from) =>
    refusal(
      -32602,
      `query exceeds max results 20000, retry with the range ${from}-${from + max - 1}`,
    ),
  'a free plan': (max) =>
    refusal(
      -32600,
      `Under the Free tier plan, you can make eth_getLogs requests with up to a ${max} block range. Upgrade for an expanded range.`,
      400,
    ),
  'no number at all': () => refusal(-32000, 'Block range limit exceeded'),
  'a limit in the middle': (max) => refusal(-32000, `exceed maximum block range: ${max}`),
  'the size of the answer': () => refusal(-32008, 'Response is too big'),
  time: () => refusal(-32000, 'query timeout exceeded'),
  'HTTP 413': () => ({ ...refusal(-32000, ''), status: 413 }),
  'words of nobody yet': () => refusal(-32011, 'Das ist zu viel auf einmal'),
};

/** Refuses ranges of more than `max` blocks in the given words. */
export function limitsRanges(max: number, wording: Wording, method = 'eth_getLogs'): Dialect {
  return async (call, ask) => {
    const asked = call.method === method ? filter.safeParse(call.params[0]) : null;
    if (!asked?.success) return ask(call);
    const [from, to] = [Number(asked.data.fromBlock), Number(asked.data.toBlock)];
    return to - from + 1 > max ? wording(max, from, to) : ask(call);
  };
}

/** The same in all wordings, one after the other. */
export function limitsRangesInTurn(max: number): Dialect {
  const wordings = Object.values(WORDINGS);
  let refusals = 0;
  return limitsRanges(max, (...refused) => {
    const wording = wordings[refusals++ % wordings.length];
    if (wording === undefined) throw new Error('there are no wordings');
    return wording(...refused);
  });
}
