import { keccak256 } from 'ethers';
import { z } from 'zod';
import { RpcClient } from '../../../devnet/rpc.js';
import type { LogItem, SqdQuery, TraceItem } from './query.js';

const hex = z.string().transform((text) => text.toLowerCase());
const quantity = z.string().transform(Number);
const rawLog = z.object({
  blockNumber: quantity,
  transactionIndex: quantity,
  logIndex: quantity,
  transactionHash: hex,
  address: hex,
  topics: z.array(hex),
  data: hex,
});
const rawTrace = z.object({
  blockNumber: z.number(),
  transactionPosition: z.number(),
  transactionHash: hex,
  traceAddress: z.array(z.number()),
  subtraces: z.number(),
  type: z.string(),
  error: z.string().optional(),
  action: z.record(z.string(), z.unknown()),
  result: z.record(z.string(), z.unknown()).nullish(),
});
const rawHeader = z.object({ number: quantity, hash: hex, parentHash: hex, timestamp: quantity });

/** What answers calls of JSON-RPC. */
export type Caller = Pick<RpcClient, 'call'>;
export type Row = Readonly<Record<string, unknown>>;
export type SimLog = z.infer<typeof rawLog>;
export type SimTrace = z.infer<typeof rawTrace>;

/** What a service leaves out of its data. */
export interface Omissions {
  log?: (log: SimLog) => boolean;
  trace?: (trace: SimTrace) => boolean;
  block?: (height: number) => boolean;
}

/** The data of a chain as a service of SQD has it, read from a node. */
export class SqdRows {
  private readonly rpc: Caller;
  omit: Omissions = {};
  /** Above this block its chain has other blocks, with half of what happened. */
  forkAbove: number | null = null;

  constructor(node: string | Caller) {
    this.rpc = typeof node === 'string' ? new RpcClient(node) : node;
  }

  async head(): Promise<number> {
    return Number(await this.rpc.call<string>('eth_blockNumber'));
  }

  async header(height: number): Promise<z.infer<typeof rawHeader>> {
    const tag = `0x${height.toString(16)}`;
    const header = rawHeader.parse(await this.rpc.call('eth_getBlockByNumber', [tag, false]));
    return {
      ...header,
      hash: this.isForked(height) ? keccak256(header.hash) : header.hash,
      parentHash: this.isForked(height - 1) ? keccak256(header.parentHash) : header.parentHash,
    };
  }

  private isForked(height: number): boolean {
    return this.forkAbove !== null && height > this.forkAbove;
  }

  /** The records of a range: blocks that match, the first and the last; header only without match. */
  async records(query: SqdQuery, from: number, to: number): Promise<Row[]> {
    const range = { fromBlock: `0x${from.toString(16)}`, toBlock: `0x${to.toString(16)}` };
    const [logs, traces] = await Promise.all([
      this.rpc.call('eth_getLogs', [range]).then((answer) => z.array(rawLog).parse(answer)),
      this.rpc.call('trace_filter', [range]).then((answer) => z.array(rawTrace).parse(answer)),
    ]);
    const foundLogs = logs.filter(
      (log) =>
        !this.isOmitted(log.blockNumber) &&
        this.omit.log?.(log) !== true &&
        query.logs.some((item) => matchesLog(item, log)),
    );
    const foundTraces = traces.filter(
      (trace) => !this.isOmitted(trace.blockNumber) && this.omit.trace?.(trace) !== true,
    );
    const matched = foundTraces.flatMap((trace) => {
      const items = query.traces.filter((item) => matchesTrace(item, trace));
      return items.length === 0
        ? []
        : [{ trace, isRelated: items.some((item) => item.transaction) }];
    });
    const heights = new Set([
      from,
      to,
      ...foundLogs.map(({ blockNumber }) => blockNumber),
      ...matched.map(({ trace }) => trace.blockNumber),
    ]);
    return Promise.all(
      [...heights]
        .sort((a, b) => a - b)
        .map(async (height) => {
          const { fields } = query;
          const header = picked(await this.header(height), fields.block);
          const own = matched.filter(({ trace }) => trace.blockNumber === height);
          const ownLogs = foundLogs.filter(({ blockNumber }) => blockNumber === height);
          const related = new Map(
            own
              .filter(({ isRelated }) => isRelated)
              .map(({ trace }) => [
                trace.transactionPosition,
                { transactionIndex: trace.transactionPosition, hash: trace.transactionHash },
              ]),
          );
          return {
            header,
            ...listed(
              'transactions',
              [...related.values()].map((row) => picked(row, fields.transaction)),
            ),
            ...listed(
              'logs',
              ownLogs.map((log) => picked(log, fields.log)),
            ),
            ...listed(
              'traces',
              own.map(({ trace }) =>
                picked({ ...trace, transactionIndex: trace.transactionPosition }, fields.trace),
              ),
            ),
          };
        }),
    );
  }

  private isOmitted(height: number): boolean {
    if (this.isForked(height) && height % 2 === 0) return true;
    return this.omit.block?.(height) === true;
  }
}

/** Only what was asked for comes back. */
function picked(row: Row, wanted: Partial<Record<string, boolean>> = {}): Row {
  return Object.fromEntries(Object.entries(row).filter(([name]) => wanted[name] === true));
}

function listed(name: string, rows: readonly Row[]): Row {
  return rows.length === 0 ? {} : { [name]: rows };
}

function isIn(value: unknown, list: readonly string[] | undefined): boolean {
  if (list === undefined) return true;
  return typeof value === 'string' && list.some((one) => one.toLowerCase() === value.toLowerCase());
}

function matchesLog(item: LogItem, { address, topics }: SimLog): boolean {
  return (
    isIn(address, item.address) &&
    isIn(topics[0], item.topic0) &&
    isIn(topics[1], item.topic1) &&
    isIn(topics[2], item.topic2) &&
    isIn(topics[3], item.topic3)
  );
}

function matchesTrace(item: TraceItem, { type, action, result }: SimTrace): boolean {
  const isCall = type === 'call';
  const isCreate = type === 'create';
  const isSuicide = type === 'suicide';
  const input = typeof action.input === 'string' ? action.input : '';
  const sighash = input.length >= 10 ? input.slice(0, 10) : undefined;
  return (
    isIn(type, item.type) &&
    isIn(isCreate ? action.from : undefined, item.createFrom) &&
    isIn(isCreate ? result?.address : undefined, item.createResultAddress) &&
    isIn(isCall ? action.to : undefined, item.callTo) &&
    isIn(isCall ? action.from : undefined, item.callFrom) &&
    isIn(isCall ? sighash : undefined, item.callSighash) &&
    isIn(isCall ? action.callType : undefined, item.callCallType) &&
    isIn(isSuicide ? action.address : undefined, item.suicideAddress) &&
    isIn(isSuicide ? action.refundAddress : undefined, item.suicideRefundAddress) &&
    isIn(undefined, item.rewardAuthor)
  );
}
