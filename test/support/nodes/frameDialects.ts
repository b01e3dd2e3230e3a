import { setTimeout as delay } from 'node:timers/promises';
import type { Dialect } from './oddNode.js';

interface Trace {
  readonly traceAddress: number[];
  readonly transactionHash: string;
  subtraces: number;
  readonly action: { readonly value?: string; readonly to?: string };
}

interface Call {
  readonly type: string;
  readonly value?: string;
  calls?: Call[];
  logs?: { position?: unknown }[];
}

/** A node that leaves out inner frames that move money, and shows no sign of it. */
export const hidesMoney: Dialect = async (call, ask) => {
  const reply = await ask(call);
  if (/^trace_(block|transaction)$/.test(call.method)) {
    return { ...reply, result: withoutPayments(reply.result as Trace[]) };
  }
  if (/^debug_trace/.test(call.method)) {
    eachCall(reply.result, (frame) => {
      frame.calls = frame.calls?.filter(({ value }) => Number(value ?? 0) === 0) ?? [];
    });
  }
  return reply;
};

/** The payments go with all that is inside of them, and the places of what comes after move up. */
function withoutPayments(traces: Trace[]): Trace[] {
  const kept: Trace[] = [];
  const places = new Map<string, { place: number[]; children: number }>();
  for (const trace of traces) {
    const key = [trace.transactionHash, ...trace.traceAddress].join();
    if (trace.traceAddress.length === 0) {
      places.set(key, { place: [], children: 0 });
      kept.push({ ...trace, subtraces: 0 });
      continue;
    }
    const parentKey = [trace.transactionHash, ...trace.traceAddress.slice(0, -1)].join();
    const parent = places.get(parentKey);
    if (parent === undefined || Number(trace.action.value ?? 0) > 0) continue;
    const place = [...parent.place, parent.children++];
    places.set(key, { place, children: 0 });
    kept.push({ ...trace, traceAddress: place, subtraces: 0 });
  }
  for (const trace of kept) {
    trace.subtraces = kept.filter(
      (other) =>
        other.transactionHash === trace.transactionHash &&
        other.traceAddress.length === trace.traceAddress.length + 1 &&
        trace.traceAddress.every((index, level) => other.traceAddress[level] === index),
    ).length;
  }
  return kept;
}

/** Every frame of an answer of callTracer, parents first. */
function eachCall(answer: unknown, change: (frame: Call) => void): void {
  if (Array.isArray(answer)) for (const entry of answer) eachCall(entry, change);
  else if (typeof answer === 'object' && answer !== null && 'result' in answer) {
    eachCall(answer.result, change);
  } else if (typeof answer === 'object' && answer !== null && 'type' in answer) {
    const frame = answer as Call;
    change(frame);
    eachCall(frame.calls ?? [], change);
  }
}

/** Geth before 1.13.5, Erigon until 2025: logs of a call tree have no `position`. */
export const withoutPosition: Dialect = async (call, ask) => {
  const reply = await ask(call);
  if (/^debug_trace/.test(call.method)) {
    eachCall(reply.result, ({ logs = [] }) => {
      for (const log of logs) delete log.position;
    });
  }
  return reply;
};

/** Besu: `withLog` is ignored. */
export const withoutTreeLogs: Dialect = async (call, ask) => {
  const reply = await ask(call);
  if (/^debug_trace/.test(call.method)) eachCall(reply.result, (frame) => delete frame.logs);
  return reply;
};

/** Some nodes do not say how many children a frame has. */
export const withoutSubtraces: Dialect = async (call, ask) => {
  const reply = await ask(call);
  if (/^trace_/.test(call.method) && Array.isArray(reply.result)) {
    for (const trace of reply.result) delete trace.subtraces;
  }
  return reply;
};

/** Nethermind, Besu: frames count more children than the list has. */
export const miscountsChildren: Dialect = async (call, ask) => {
  const reply = await ask(call);
  if (/^trace_/.test(call.method) && Array.isArray(reply.result)) {
    for (const trace of reply.result) trace.subtraces += 1;
  }
  return reply;
};

/** A node without some methods. */
export function without(...methods: string[]): Dialect {
  return async (call, ask) =>
    methods.includes(call.method)
      ? { error: { code: -32601, message: `the method ${call.method} does not exist` } }
      : ask(call);
}

/** Every n-th trace of a block takes longer than the node allows. */
export function tracesInVain(nth: number): Dialect {
  let count = 0;
  return async (call, ask) => {
    const isBlock = /^(trace_block|debug_traceBlock)/.test(call.method);
    if (!isBlock || ++count % nth !== 0) return ask(call);
    return { error: { code: -32000, message: 'execution timeout' } };
  };
}

/** Every n-th balance is that of the block before, or of the block after. */
export function wrongBalances(nth: number): Dialect {
  let count = 0;
  return async (call, ask) => {
    if (call.method !== 'eth_getBalance' || ++count % nth !== 0) return ask(call);
    const [address, tag] = call.params;
    const hash = typeof tag === 'object' && tag !== null ? Object.values(tag)[0] : null;
    const block =
      hash === null
        ? { result: { number: tag } }
        : await ask({ method: 'eth_getBlockByHash', params: [hash, false] });
    const { number } = block.result as { number: string };
    if (!/^0x/.test(number)) return ask(call);
    const shift = count % (2 * nth) === 0 ? 1 : -1;
    const other = `0x${Math.max(0, Number(number) + shift).toString(16)}`;
    const reply = await ask({ method: 'eth_getBalance', params: [address, other] });
    // At the head there is no next block.
    return reply.error === undefined ? reply : ask(call);
  };
}

/** A node that takes its time. */
export function slow(milliseconds: number): Dialect {
  return async (call, ask) => {
    await delay(milliseconds);
    return ask(call);
  };
}

/** A chain that lists a transaction of its own in each block, which has neither frames nor a receipt. */
export const listsSystemTransactions: Dialect = async (call, ask) => {
  const reply = await ask(call);
  if (!/^eth_getBlockBy/.test(call.method) || typeof reply.result !== 'object') return reply;
  const block = reply.result as { hash: string; number: string; transactions: unknown[] } | null;
  if (block === null || Number(block.number) === 0) return reply;
  // Nobody else has the hash of the block with its digits turned around.
  const hash = `0x${[...block.hash.slice(2)].reverse().join('')}`;
  const place = {
    blockHash: block.hash,
    blockNumber: block.number,
    transactionIndex: `0x${block.transactions.length.toString(16)}`,
  };
  const zero = `0x${'0'.repeat(40)}`;
  const own = { ...place, hash, type: '0x0', from: zero, to: zero, gas: '0x0', gasPrice: '0x0' };
  const isWhole = call.params[1] === true;
  return {
    result: {
      ...block,
      transactions: [...block.transactions, isWhole ? { ...own, value: '0x0', input: '0x' } : hash],
    },
  };
};
