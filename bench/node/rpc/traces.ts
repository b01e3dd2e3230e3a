import { z } from 'zod';
import type { Block, GeneratedChain } from '../chain/chain.js';
import { type Frame, framesOf, isLog, type PlacedFrame } from '../chain/frame.js';
import { quantity } from '../hex.js';
import { INVALID_PARAMS, RpcFault } from './fault.js';
import { heightsIn, listOf, rangeOf } from './logs.js';

const GAS = '0x5b8d80';
const FRAME_GAS = '0x5208';

const filter = z.object({
  fromBlock: z.unknown(),
  toBlock: z.unknown(),
  fromAddress: z.array(z.string()).optional(),
  toAddress: z.array(z.string()).optional(),
  after: z.int().optional(),
  count: z.int().optional(),
});
const tracer = z.object({
  tracer: z.literal('callTracer'),
  tracerConfig: z
    .object({ onlyTopCall: z.boolean().optional(), withLog: z.boolean().optional() })
    .default({}),
});

/** The frames of a block as `trace_block` has them. */
export function traceBlockAnswer(chain: GeneratedChain, height: number): unknown[] {
  const block = chain.block(height);
  return block.transactions.flatMap(({ frame }, index) =>
    framesOf(frame).map((placed) => traceAnswer(chain, block, index, placed)),
  );
}

/** The same of one transaction. */
export function traceTransactionAnswer(
  chain: GeneratedChain,
  { number, index }: { readonly number: number; readonly index: number },
): unknown[] {
  const block = chain.block(number);
  const frame = block.transactions[index]?.frame;
  if (frame === undefined) return [];
  return framesOf(frame).map((placed) => traceAnswer(chain, block, index, placed));
}

/** `trace_filter` */
export function traceFilterAnswer(chain: GeneratedChain, asked: unknown): unknown[] {
  const parsed = filter.safeParse(asked);
  if (!parsed.success) throw new RpcFault(INVALID_PARAMS, 'invalid argument 0: not a filter');
  const { fromAddress, toAddress, after = 0, count, ...range } = parsed.data;
  const { from, to } = rangeOf(chain, range);
  const [senders, receivers] = [listOf(fromAddress), listOf(toAddress)];
  const found: unknown[] = [];
  for (const height of heightsIn(chain, 'calls', receivers, from, to)) {
    const block = chain.block(height);
    for (const [index, { frame }] of block.transactions.entries()) {
      for (const placed of framesOf(frame)) {
        const isWanted =
          (senders?.has(placed.frame.from) ?? true) && (receivers?.has(placed.frame.to) ?? true);
        if (isWanted) found.push(traceAnswer(chain, block, index, placed));
      }
    }
  }
  return found.slice(after, count === undefined ? undefined : after + count);
}

function traceAnswer(
  chain: GeneratedChain,
  block: Block,
  index: number,
  { frame, place, children }: PlacedFrame,
) {
  const { from, to, valueWei, input, output, type } = frame;
  const isCreation = type === 'CREATE' || type === 'CREATE2';
  const value = quantity(valueWei);
  const action = isCreation
    ? { from, gas: GAS, init: input, value }
    : { callType: type === 'CALL' ? 'call' : 'staticcall', from, gas: GAS, input, to, value };
  const result = isCreation
    ? { address: to, code: output, gasUsed: FRAME_GAS }
    : { gasUsed: FRAME_GAS, output };
  return {
    action,
    blockHash: chain.hashOf(block.number),
    blockNumber: block.number,
    result,
    subtraces: children,
    traceAddress: place,
    transactionHash: block.transactions[index]?.hash,
    transactionPosition: index,
    type: isCreation ? 'create' : 'call',
  };
}

/** A transaction by `callTracer`. @throws RpcFault for another tracer */
export function callTreeAnswer(frame: Frame, options: unknown): object {
  const parsed = tracer.safeParse(options);
  if (!parsed.success) throw new RpcFault(INVALID_PARAMS, 'only callTracer is served');
  const { onlyTopCall = false, withLog = false } = parsed.data.tracerConfig;
  return treeOf(frame, { onlyTopCall, withLog, next: { index: 0 } });
}

interface TreeOptions {
  readonly onlyTopCall: boolean;
  readonly withLog: boolean;
  /** Counts the logs of the transaction. */
  readonly next: { index: number };
}

function treeOf({ type, from, to, valueWei, input, output, inner }: Frame, options: TreeOptions) {
  const calls: object[] = [];
  const logs: object[] = [];
  for (const entry of inner) {
    if (isLog(entry)) {
      const index = quantity(options.next.index++);
      logs.push({ ...entry, position: quantity(calls.length), index });
    } else if (!options.onlyTopCall) calls.push(treeOf(entry, options));
  }
  return {
    type,
    from,
    to,
    ...(type === 'STATICCALL' ? {} : { value: quantity(valueWei) }),
    gas: GAS,
    gasUsed: FRAME_GAS,
    input,
    output,
    ...(calls.length === 0 ? {} : { calls }),
    ...(options.withLog && logs.length > 0 ? { logs } : {}),
  };
}
