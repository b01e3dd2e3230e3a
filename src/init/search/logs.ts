import { z } from 'zod';
import type { Address } from '../../address.js';
import type { BlockRange } from '../../chain/rpc/endpoints/rangeLimit.js';
import { ImoError } from '../../errors.js';
import type { Subject } from '../node/subject.js';
import { type RangeFindings, searchRange } from './searchRange.js';

const hex = z.string().regex(/^0x[0-9a-fA-F]*$/);
const log = z.object({
  address: hex.transform((text) => text.toLowerCase() as Address),
  topics: z.array(hex),
  data: hex,
  blockNumber: hex.transform(Number),
  transactionHash: hex,
});

/** A log as a node lists it. */
export type ListedLog = z.infer<typeof log>;

/** As `eth_getLogs` takes it, without the range. */
export interface ListedLogFilter {
  readonly address?: Address | readonly Address[];
  readonly topics?: readonly (string | readonly string[] | null)[];
}

/** Searches a range for logs. @param enough ends the search after so many */
export function searchLogs(
  { node, signal }: Subject,
  filter: ListedLogFilter,
  range: BlockRange,
  enough: number,
): Promise<RangeFindings<ListedLog>> {
  return searchRange({
    range,
    ask: async ({ from, to }) =>
      parsed(
        await node.listed('eth_getLogs', { ...filter, fromBlock: tag(from), toBlock: tag(to) }),
      ),
    isEnough: (logs) => logs.length >= enough,
    signal,
  });
}

/** Every log of the transaction that wrote a log. */
export async function logsOfTransaction(
  { node }: Subject,
  { blockNumber, transactionHash }: ListedLog,
): Promise<ListedLog[]> {
  const block = { fromBlock: tag(blockNumber), toBlock: tag(blockNumber) };
  const all = parsed(await node.listed('eth_getLogs', block));
  return all.filter((other) => other.transactionHash === transactionHash);
}

function parsed(answer: readonly unknown[]): ListedLog[] {
  const { data } = z.array(log).safeParse(answer);
  if (data !== undefined) return data;
  throw new ImoError(
    'RPC_BAD_ANSWER',
    'the endpoint answered eth_getLogs with something else than logs',
    'The endpoint does not support Ethereum JSON-RPC, or truncated the answer. Use another endpoint.',
  );
}

export function tag(block: number): string {
  return `0x${block.toString(16)}`;
}
