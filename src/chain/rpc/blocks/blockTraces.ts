import type { Block } from '@subsquid/evm-processor/lib/ds-rpc/rpc-data.js';
import type { DataRequest } from '@subsquid/evm-processor/lib/interfaces/data-request.js';
import { RpcError } from '@subsquid/rpc-client';
import { z } from 'zod';
import type { PooledClient } from '../connection/pooledClient.js';
import { AnswerError } from '../endpoints/answerFault.js';
import { isRateLimit, isTimeLimit, type RefusalError, speaksOfSize } from '../endpoints/refusal.js';
import { concernOf } from './concerned.js';
import { faultOfCall, faultOfTrace, type RawCall, type RawTrace } from './frameShapes.js';

export type TraceMethod = 'trace_block' | 'debug_traceBlockByHash';

/** Transactions with unreadable frames that do not concern the request. */
const ignored = new WeakMap<Block, Set<string>>();

/** Whether the frames of a transaction were left out: they cannot be read, and do not concern us. */
export function isIgnored(block: Block, transactionHash: string): boolean {
  return ignored.get(block)?.has(transactionHash) ?? false;
}

/** Answers of `trace_block` by height. */
export type TracesAhead = ReadonlyMap<number, unknown>;

const NOTHING_AHEAD: TracesAhead = new Map();

const traceCall = (number: string) => ({ method: 'trace_block', params: [number] });

/** A refusal in place of an answer. */
interface Refused {
  readonly refusal: RefusalError;
}

const BY_TRANSACTION: RefusalError = { code: 0, message: 'the response is too large' };

const isRefused = (answer: unknown): answer is Refused =>
  typeof answer === 'object' && answer !== null && 'refusal' in answer;

/** Reads the call frames of blocks, by blocks where the node can, else by transactions. */
export class BlockTraces {
  constructor(
    private readonly client: PooledClient,
    /** How long the node may trace a transaction, in seconds; its own limit may be shorter. */
    private readonly timeoutSeconds: number,
  ) {}

  /** Asks `trace_block` for blocks before they are read, for `addTraces`. */
  async askTraces(heights: readonly number[], priority: number): Promise<TracesAhead> {
    const calls = heights.map((height) => traceCall(`0x${height.toString(16)}`));
    const answers = await this.askBlocks(calls, priority);
    if (!this.client.framesByTransaction) this.client.sent('trace_block', heights);
    return new Map(heights.map((height, index) => [height, answers[index]]));
  }

  /**
   * By `trace_block`.
   *
   * @param ahead what was asked before
   */
  async addTraces(
    blocks: readonly Block[],
    request: DataRequest,
    priority: number,
    ahead: TracesAhead = NOTHING_AHEAD,
  ): Promise<void> {
    const method = 'trace_block';
    const others = blocks.filter(({ height }) => !ahead.has(height));
    const calls = others.map(({ block }) => traceCall(block.number));
    const asked = calls.length === 0 ? [] : await this.askBlocks(calls, priority);
    this.sentBlocks(method, others);
    const answers = blocks.map(({ height }) =>
      ahead.has(height) ? ahead.get(height) : asked.shift(),
    );
    for (const [index, block] of blocks.entries()) {
      let answer = answers[index];
      if (isRefused(answer)) {
        this.assertTooLong(answer.refusal, method, block);
        answer = await this.tracesByTransaction(block, priority);
      }
      if (!Array.isArray(answer)) throw this.fault(method, block, `the answer is ${text(answer)}`);
      this.setTraces(block, answer, request);
    }
  }

  private async tracesByTransaction(block: Block, priority: number): Promise<unknown[]> {
    const method = 'trace_transaction';
    const frames: unknown[] = [];
    for (const hash of hashesOf(block)) {
      const own = await this.askOne(method, [hash], priority);
      this.client.sent(method, [block.height]);
      if (isRefused(own)) throw this.fault(method, block, own.refusal.message, hash);
      // One transaction may have more frames than a call may have arguments.
      if (Array.isArray(own)) for (const frame of own) frames.push(frame);
    }
    return frames;
  }

  /** By `debug_traceBlockByHash`. */
  async addCalls(blocks: readonly Block[], request: DataRequest, priority: number): Promise<void> {
    const method = 'debug_traceBlockByHash';
    const calls = blocks.map(({ hash }) => ({ method, params: [hash, this.tracer()] }));
    const answers = await this.askBlocks(calls, priority);
    this.sentBlocks(method, blocks);
    for (const [index, block] of blocks.entries()) {
      const answer = answers[index];
      if (isRefused(answer)) {
        if (/not found/i.test(answer.refusal.message)) {
          block._isInvalid = true;
          block._errorMessage = this.fault(method, block, answer.refusal.message).message;
          continue;
        }
        this.assertTooLong(answer.refusal, method, block);
      } else if (!Array.isArray(answer)) {
        throw this.fault(method, block, `the answer is ${text(answer)}`);
      }
      const found = isRefused(answer) ? [] : byTransaction(block, answer as unknown[]);
      await this.setCalls(block, found, request, priority);
    }
  }

  private setTraces(block: Block, frames: readonly unknown[], request: DataRequest): void {
    const groups = new Map<string, RawTrace[]>();
    for (const frame of frames) {
      const hash = hashOf(frame, 'transactionHash');
      const of = hashOf(frame, 'blockHash');
      if (of !== null && of !== block.hash) {
        block._isInvalid = true;
        block._errorMessage = this.fault(
          'trace_block',
          block,
          'a frame is of another block',
        ).message;
        return;
      }
      // Rewards belong to no transaction.
      if (hash === null) continue;
      const group = groups.get(hash);
      if (group === undefined) groups.set(hash, [frame as RawTrace]);
      else group.push(frame as RawTrace);
    }
    for (const [hash, group] of groups) {
      const fault = firstFault(group, faultOfTrace);
      if (fault === null) continue;
      this.ignoreOrThrow('trace_block', block, hash, group, fault, request);
      groups.delete(hash);
    }
    block.traceReplays = [...groups].map(([transactionHash, trace]) => ({
      transactionHash,
      trace,
    })) as unknown as NonNullable<Block['traceReplays']>;
  }

  private async setCalls(
    block: Block,
    found: readonly (RawCall | null)[],
    request: DataRequest,
    priority: number,
  ): Promise<void> {
    const frames: ({ result: RawCall } | undefined)[] = [];
    for (const [index, hash] of hashesOf(block).entries()) {
      let call: unknown = found[index] ?? (await this.callOf(block, hash, priority));
      const fault = call === null || call === undefined ? null : faultOfCall(call);
      if (fault !== null) {
        this.ignoreOrThrow('debug_traceBlockByHash', block, hash, call, fault, request);
        call = null;
      }
      frames.push(call === null || call === undefined ? undefined : { result: call as RawCall });
    }
    block.debugFrames = frames as unknown as NonNullable<Block['debugFrames']>;
  }

  /** The frames of one transaction; `null`: it has none. */
  private async callOf(block: Block, hash: string, priority: number): Promise<unknown> {
    const method = 'debug_traceTransaction';
    const call = await this.askOne(method, [hash, this.tracer()], priority);
    this.client.sent(method, [block.height]);
    if (!isRefused(call)) return call;
    // Transactions of the chain itself may have no trace: that is judged with the others.
    if (isTimeLimit(call.refusal)) throw this.fault(method, block, call.refusal.message, hash);
    return null;
  }

  private ignoreOrThrow(
    method: TraceMethod,
    block: Block,
    hash: string,
    frames: unknown,
    fault: string,
    request: DataRequest,
  ): void {
    const logs = (block.logs ?? []).filter((log) => hashOf(log, 'transactionHash') === hash);
    if (concernOf(request)(JSON.stringify([frames, logs]))) {
      throw this.fault(method, block, fault, hash);
    }
    const known = ignored.get(block) ?? new Set();
    ignored.set(block, known.add(hash));
  }

  /** The tracer's own time limit is 5 s in Geth if nothing is said. */
  private tracer(): object {
    return {
      tracer: 'callTracer',
      tracerConfig: { onlyTopCall: false, withLog: false },
      timeout: `${this.timeoutSeconds}s`,
    };
  }

  /** These frames were found wrong: asks another endpoint for them. */
  private sentBlocks(method: TraceMethod, blocks: readonly Block[]): void {
    if (!this.client.framesByTransaction) this.client.sent(method, blocks.map(heightOf));
  }

  /** As if whole blocks were too much for the node, where each transaction is to be asked for. */
  private askBlocks(
    calls: { method: string; params: unknown[] }[],
    priority: number,
  ): Promise<unknown[]> {
    if (!this.client.framesByTransaction) return this.askAll(calls, priority);
    return Promise.resolve(calls.map(() => ({ refusal: BY_TRANSACTION })));
  }

  private askAll(
    calls: { method: string; params: unknown[] }[],
    priority: number,
  ): Promise<unknown[]> {
    return this.client.batchCall(calls, {
      priority,
      validateError: (refusal) => this.passOn(refusal),
    });
  }

  private askOne(method: string, params: unknown[], priority: number): Promise<unknown> {
    return this.client.call(method, params, {
      priority,
      validateError: (refusal) => this.passOn(refusal),
    });
  }

  /** The client asks again by itself where the rate is limited. */
  private passOn(refusal: RefusalError): Refused {
    if (isRateLimit(refusal)) throw new RpcError(refusal);
    return { refusal };
  }

  private assertTooLong(refusal: RefusalError, method: TraceMethod, block: Block): void {
    if (isTimeLimit(refusal) || speaksOfSize(refusal.message)) return;
    throw this.fault(method, block, refusal.message);
  }

  private fault(method: string, block: Block, what: string, transactionHash?: string): AnswerError {
    const endpoint = this.client.endpointOf(method);
    return new AnswerError(
      { method, endpoint, block, ...(transactionHash === undefined ? {} : { transactionHash }) },
      what,
    );
  }
}

const heightOf = ({ height }: Block) => height;

/** The hashes of a block's transactions, in their order. */
export function hashesOf({ block }: Block): string[] {
  return block.transactions.map((entry) => (typeof entry === 'string' ? entry : entry.hash));
}

const traced = z.looseObject({ result: z.looseObject({ type: z.string() }) });

/** The roots by the place of their transactions; `null` where there is none, or an error. */
function byTransaction(block: Block, answers: readonly unknown[]): (RawCall | null)[] {
  const hashes = hashesOf(block);
  const named = new Map(
    answers.flatMap((answer) => {
      const hash = hashOf(answer, 'txHash');
      return hash === null ? [] : [[hash, answer] as const];
    }),
  );
  const isNamed = named.size === answers.length;
  // Without names only a whole list tells which is which.
  if (!isNamed && answers.length !== hashes.length) return [];
  return hashes.map((hash, index) => rootOf(isNamed ? named.get(hash) : answers[index]));
}

/** Some nodes leave out `result` around the frame. */
function rootOf(answer: unknown): RawCall | null {
  const wrapped = traced.safeParse(answer);
  if (wrapped.success) return wrapped.data.result;
  const bare = traced.safeParse({ result: answer });
  return bare.success ? bare.data.result : null;
}

function firstFault(frames: readonly unknown[], faultOf: (frame: unknown) => string | null) {
  for (const frame of frames) {
    const fault = faultOf(frame);
    if (fault !== null) return fault;
  }
  return null;
}

function hashOf(value: unknown, field: 'transactionHash' | 'blockHash' | 'txHash'): string | null {
  if (typeof value !== 'object' || value === null) return null;
  const hash: unknown = (value as Record<string, unknown>)[field];
  return typeof hash === 'string' ? hash : null;
}

function text(answer: unknown): string {
  return JSON.stringify(answer)?.slice(0, 80) ?? 'missing';
}
