import { type CallOptions, RpcClient, RpcError } from '@subsquid/rpc-client';
import { z } from 'zod';
import { functions as erc20 } from '../abi/erc20.js';
import type { Address } from '../address.js';
import { redactUrl } from '../config/redact.js';
import { TRACE_TIMEOUT_SECONDS } from '../config/source/traceTimeout.js';
import { ImoError } from '../errors.js';
import { ForeseenAnswers } from './foreseenAnswers.js';
import { answerHash, type HeardAnswer, type HeardAnswers } from './heardAnswers.js';
import type { KnownBalances } from './knownBalances.js';
import { hasTreeLog } from './rpc/blocks/frameShapes.js';
import { JoinedCalls } from './rpc/connection/joinedCalls.js';
import type { PooledClient } from './rpc/connection/pooledClient.js';
import { accessFault, isOutsidePlan } from './rpc/endpoints/accessFault.js';
import { subjectOf } from './rpc/endpoints/answerFault.js';
import { tooLargeFault } from './rpc/endpoints/answerLimit.js';
import { isUnknownMethod } from './rpc/endpoints/refusal.js';

/** Attempts at an answer of the right type before its absence is an error. */
const READINGS = 4;

const quantity = z
  .string()
  .regex(/^0x[0-9a-fA-F]+$/)
  .transform(BigInt);
const bytes = z.string().regex(/^0x[0-9a-fA-F]*$/);
const word = z
  .string()
  .regex(/^0x[0-9a-fA-F]{64}$/)
  .transform(BigInt);
const header = z.object({ number: quantity, hash: bytes, timestamp: quantity });
const linkedHeader = header.extend({ parentHash: bytes });
const transactionReceipt = z.object({
  transactionIndex: quantity,
  transactionHash: bytes,
  gasUsed: quantity,
  effectiveGasPrice: quantity,
});
const payoutBlock = z.object({
  miner: bytes.transform((text) => text.toLowerCase()),
  withdrawals: z.array(z.object({ address: bytes, amount: quantity })).nullish(),
});
/** How long a start may use a head again. */
const RECENT_MS = 10_000;
const WEI_PER_GWEI = 1_000_000_000n;
const feeBlock = header.extend({
  baseFeePerGas: quantity.default(0n),
  transactions: z.array(bytes),
});

const accessList = z.object({ accessList: z.array(z.object({ address: bytes })) });

const pastLog = z.object({
  address: bytes.transform((text) => text.toLowerCase()),
  topics: z.array(bytes),
  data: bytes,
  blockNumber: quantity.transform(Number),
  blockHash: bytes,
  transactionHash: bytes,
  transactionIndex: quantity.transform(Number),
  logIndex: quantity.transform(Number),
});

/** A log of a block that was indexed before anybody wanted it. */
export type PastLog = z.infer<typeof pastLog>;

export type BlockTag = number | 'latest' | { readonly hash: string };

export interface BlockHeader {
  readonly number: number;
  readonly hash: string;
  /** Milliseconds since 1970. */
  readonly timestampMs: number;
}

/** Short questions about the state of contracts, which many contracts are asked at the same moment. */
const JOINED_METHODS = new Set(['eth_call', 'eth_getBalance', 'eth_getCode', 'eth_getStorageAt']);

/** The calls to a chain's node that are not the processor's own. Answers are validated. */
export class ChainNode {
  private readonly client: RpcClient | PooledClient;
  private readonly joined: JoinedCalls;
  private readonly foreseen = new ForeseenAnswers();
  /** The question for the head that is under way. */
  private head: Promise<number> | null = null;
  private knownHead: { readonly number: number; readonly at: number } | null = null;
  /** The endpoint without what may be a secret. */
  readonly displayUrl: string;
  /** How many endpoints there are to ask. */
  readonly endpointCount: number;
  /** A method that the plan of an endpoint does not include. */
  planFault: ImoError | null = null;

  /**
   * @param rpc the URL of a node, or a client that knows several
   * @param options `rateLimit`: calls per second at most, those inside of batches counted;
   *   `traceTimeoutSeconds`: how long a node may trace a transaction
   */
  constructor(
    rpc: string | PooledClient,
    private readonly options: {
      readonly retryAttempts?: number;
      readonly rateLimit?: number;
      readonly traceTimeoutSeconds?: number;
      /** What need not be asked. */
      readonly knownBalances?: KnownBalances;
      /** Notes what nodes answer about states. */
      readonly heard?: HeardAnswers;
      /** Of the node for whose later questions this one asks: its answers, and how it asks. */
      readonly ahead?: { readonly foreseen: ForeseenAnswers; readonly joined: JoinedCalls };
    } = {},
  ) {
    if (typeof rpc !== 'string') {
      this.displayUrl = rpc.displayUrl;
      this.endpointCount = rpc.endpointCount;
      this.client = rpc;
      this.joined = options.ahead?.joined ?? new JoinedCalls(rpc);
      return;
    }
    this.displayUrl = redactUrl(rpc);
    this.endpointCount = 1;
    this.client = new RpcClient({
      url: rpc,
      capacity: 5,
      maxBatchCallSize: 100,
      requestTimeout: 20_000,
      retryAttempts: options.retryAttempts ?? 4,
      ...(options.rateLimit === undefined ? {} : { rateLimit: options.rateLimit }),
      log: null,
    });
    this.joined = new JoinedCalls(this.client);
  }

  /**
   * Asks now what this node will be asked soon: what `work` asks of the node that it gets need not be asked again. What
   * it cannot answer is asked in its turn.
   */
  foresee(work: (ahead: ChainNode) => Promise<unknown>): void {
    const { client, foreseen, joined } = this;
    if (!('endpointOf' in client)) return;
    work(new ChainNode(client, { ahead: { foreseen, joined } })).catch(() => undefined);
  }

  /** What was foreseen and not asked for is not asked for any more. */
  forgetForeseen(): void {
    this.foreseen.forget();
  }

  async chainId(): Promise<number> {
    return Number(await this.ask(quantity, 'eth_chainId', []));
  }

  /** Callers at the same time share one answer. */
  headNumber(): Promise<number> {
    this.head ??= this.ask(quantity, 'eth_blockNumber', [])
      .then((answer) => {
        this.knownHead = { number: Number(answer), at: performance.now() };
        return this.knownHead.number;
      })
      .finally(() => {
        this.head = null;
      });
    return this.head;
  }

  /** The same, or what was answered seconds ago: for what happens once, at a start. */
  async recentHead(): Promise<number> {
    const { knownHead } = this;
    const isRecent = knownHead !== null && performance.now() - knownHead.at < RECENT_MS;
    return isRecent ? knownHead.number : this.headNumber();
  }

  /** @throws ImoError `RPC_BLOCK_MISSING` if the node has no such block. */
  async blockHeader(block: number | 'latest'): Promise<BlockHeader> {
    const answer = await this.ask(header.nullable(), 'eth_getBlockByNumber', [tag(block), false]);
    if (answer === null) throw this.missing(block);
    const { number, hash, timestamp } = answer;
    return { number: Number(number), hash, timestampMs: Number(timestamp) * 1000 };
  }

  /**
   * The headers from one height to another, of one chain: each is the parent of the next.
   * Ends early where the node has no block, or one that does not follow.
   */
  async headers(from: number, to: number): Promise<BlockHeader[]> {
    const heights = Array.from({ length: Math.max(to - from + 1, 0) }, (_, index) => from + index);
    const answers = await this.askAll(
      linkedHeader.nullable(),
      'eth_getBlockByNumber',
      heights.map((height) => [tag(height), false]),
    );
    const linked: BlockHeader[] = [];
    for (const parsed of answers) {
      if (parsed === null) break;
      const before = linked.at(-1);
      if (before !== undefined && before.hash !== parsed.parentHash) break;
      const { number, hash, timestamp } = parsed;
      linked.push({ number: Number(number), hash, timestampMs: Number(timestamp) * 1000 });
    }
    return linked;
  }

  async code(address: Address, block: BlockTag): Promise<string> {
    return this.ask(bytes, 'eth_getCode', [address, tag(block)]);
  }

  /** ETH balances in wei, in the order of the questions. */
  async balances(
    questions: readonly { readonly address: Address; readonly block: BlockTag }[],
  ): Promise<bigint[]> {
    const known = questions.map(({ address, block }) =>
      typeof block === 'object' ? this.options.knownBalances?.take(address, block.hash) : undefined,
    );
    const params = questions
      .filter((_, index) => known[index] === undefined)
      .map(({ address, block }) => [address, tag(block)]);
    const asked = params.length === 0 ? [] : await this.askAll(quantity, 'eth_getBalance', params);
    const balances = known.map((balance) => balance ?? asked.shift() ?? 0n);
    this.options.heard?.note(
      'eth_getBalance',
      questions.map(({ address, block }) => [address, tag(block)]),
      balances.map((balance) => `0x${balance.toString(16)}`),
    );
    return balances;
  }

  /**
   * `asset.balanceOf(account)` in the asset's smallest unit; 0 before the asset exists.
   *
   * @throws ImoError `RPC_BAD_ANSWER` if the asset answers with something else
   */
  async assetBalance(asset: Address, account: Address, block: BlockTag): Promise<bigint> {
    const answer = await this.view(asset, erc20.balanceOf.encode({ account }), block);
    if (answer === null) return 0n;
    const parsed = word.safeParse(answer);
    if (parsed.success) return parsed.data;
    throw this.badAnswer(`balanceOf of ${asset}`, answer);
  }

  /**
   * Whether a question about a state is answered otherwise now, twice in a row; `false` where it is not
   * answered.
   */
  async answersOtherwise({ method, params, hash }: HeardAnswer): Promise<boolean> {
    const ask = async () => {
      const calls = [{ method, params: [...params] }];
      const [answer] = await this.client.batchCall(calls, { validateError: nullIfReverted });
      return answer === null || typeof answer === 'string' ? answerHash(answer) : hash;
    };
    try {
      const answered = await ask();
      return answered !== hash && (await ask()) === answered;
    } catch (error) {
      if (error instanceof RpcError || error instanceof ImoError) return false;
      throw error;
    }
  }

  /** What a view function returns, or `null` if it reverts or returns nothing. */
  async view(address: Address, data: string, block: BlockTag): Promise<string | null> {
    const [answer = null] = await this.views([{ to: address, data }], block);
    return answer;
  }

  /** What view functions return, in the order of the calls, as `view` has it; in batches. */
  async views(
    calls: readonly { readonly to: Address; readonly data: string }[],
    block: BlockTag,
  ): Promise<(string | null)[]> {
    return this.viewsAt(calls.map((call) => ({ ...call, block })));
  }

  /** The same, each at the end of a block of its own. */
  async viewsAt(
    calls: readonly { readonly to: Address; readonly data: string; readonly block: BlockTag }[],
  ): Promise<(string | null)[]> {
    const answers = await this.askAll(
      bytes.nullable(),
      'eth_call',
      calls.map(({ to, data, block }) => [{ to, data }, tag(block)]),
      { validateError: nullIfReverted },
    );
    return answers.map((answer) => (answer === '0x' ? null : answer));
  }

  /**
   * What a view function would return if the contract had another ETH balance. `null` also where
   * the node cannot do that; a node may also ignore the balance.
   */
  async viewWithBalance(
    to: Address,
    data: string,
    block: BlockTag,
    balanceWei: bigint,
  ): Promise<string | null> {
    return this.viewWithState(to, data, block, {
      [to]: { balance: `0x${balanceWei.toString(16)}` },
    });
  }

  /** What a view function returns on another state, as `view` has it. @throws where the node cannot do that */
  viewOverridden(
    to: Address,
    data: string,
    block: BlockTag,
    state: object,
  ): Promise<string | null> {
    return this.viewOn(to, data, block, state, nullIfReverted);
  }

  /** The same as `viewWithBalance` on any other state: balances, code or storage of accounts. */
  viewWithState(to: Address, data: string, block: BlockTag, state: object): Promise<string | null> {
    return this.viewOn(to, data, block, state, () => null);
  }

  /**
   * Whether a contract has the function of a call: a simulated call succeeds, or is refused for a
   * reason. A function that is missing reverts without one.
   */
  async takesCall(to: Address, data: string, block: BlockTag): Promise<boolean> {
    const [isTaken = false] = await this.askAll(
      z.union([z.boolean(), bytes.transform(() => true)]),
      'eth_call',
      [[{ to, data }, tag(block)]],
      { validateError: isRefusedWithReason },
    );
    return isTaken;
  }

  /**
   * The contracts that calls reach, by `eth_createAccessList`: in lower case, sorted, in the order of
   * the calls. `null` where the node does not say it.
   */
  async calledContracts(
    calls: readonly { readonly to: Address; readonly data: string }[],
    block: BlockTag,
  ): Promise<(string[] | null)[]> {
    const answers = await this.askAll(
      z.union([accessList, z.null()]),
      'eth_createAccessList',
      calls.map((call) => [call, tag(block)]),
      { validateError: () => null },
    );
    return answers.map(
      (answer) => answer?.accessList.map(({ address }) => address.toLowerCase()).sort() ?? null,
    );
  }

  /** Storage words at the end of a block, in the order of the questions. */
  async storageWords(
    questions: readonly { readonly address: Address; readonly slot: bigint }[],
    block: BlockTag,
  ): Promise<bigint[]> {
    const params = questions.map(({ address, slot }) => [
      address,
      `0x${slot.toString(16)}`,
      tag(block),
    ]);
    return this.askAll(quantity, 'eth_getStorageAt', params);
  }

  /** Logs of a contract with a first topic, from one block to another. */
  async logs(
    address: Address,
    topic: string,
    { from, to }: { readonly from: number; readonly to: number },
  ): Promise<PastLog[]> {
    const filter = { address, topics: [topic], fromBlock: tag(from), toBlock: tag(to) };
    return this.ask(z.array(pastLog), 'eth_getLogs', [filter]);
  }

  /**
   * The raw answer of `eth_getLogs` or `trace_filter`.
   *
   * @throws ImoError with a code `RPC_…` where the node refuses it
   */
  listed(method: 'eth_getLogs' | 'trace_filter', filter: object): Promise<unknown[]> {
    return this.ask(z.array(z.unknown()), method, [filter]);
  }

  /**
   * The raw answer of `eth_simulateV1`: calls in simulated blocks on the state after a block.
   *
   * @throws ImoError with a code `RPC_…` where the node does not serve it
   */
  simulate(blockStateCalls: readonly unknown[], block: BlockTag): Promise<unknown> {
    return this.ask(z.unknown(), 'eth_simulateV1', [{ blockStateCalls }, tag(block)]);
  }

  /**
   * The raw answer of an `eth_call` on the state after a block, with other balances, code or storage,
   * and at the number and time of another block.
   *
   * @throws ImoError `RPC_…` where the node refuses it
   */
  callOn(call: object, block: BlockTag, state: object, place: object): Promise<string> {
    return this.ask(bytes, 'eth_call', [call, tag(block), state, place]);
  }

  /** What such a call changes, as the raw answer of `debug_traceCall` with the prestate tracer. */
  changesOf(call: object, block: BlockTag, state: object, place: object): Promise<unknown> {
    const tracer = { tracer: 'prestateTracer', tracerConfig: { diffMode: true } };
    const options = { ...tracer, stateOverrides: state, blockOverrides: place };
    return this.ask(z.unknown(), 'debug_traceCall', [call, tag(block), options]);
  }

  /** Headers of blocks anywhere in the chain, in the order of the questions. */
  async headersAt(blocks: readonly number[]): Promise<BlockHeader[]> {
    const answers = await this.askAll(
      header.nullable(),
      'eth_getBlockByNumber',
      blocks.map((block) => [tag(block), false]),
    );
    return answers.map((parsed, index) => {
      if (parsed === null) throw this.missing(blocks[index] ?? 'latest');
      const { number, hash, timestamp } = parsed;
      return { number: Number(number), hash, timestampMs: Number(timestamp) * 1000 };
    });
  }

  /** Whether the node knows a method; any answer but "no such method" counts. */
  async serves(method: string, params: unknown[]): Promise<boolean> {
    try {
      return await this.guard(method, () =>
        this.client.call(method, params, {
          validateResult: () => true,
          validateError: (error) => {
            if (isOutsidePlan(error.message, method)) throw new RpcError(error);
            return !isUnknownMethod(error);
          },
        }),
      );
    } catch (error) {
      if (!(error instanceof ImoError) || error.code !== 'RPC_PLAN_EXCLUDES') throw error;
      this.planFault = error;
      return false;
    }
  }

  /** Raw answer of `debug_traceBlockByHash`. */
  async traceBlock(params: unknown[]): Promise<unknown> {
    return this.trace('debug_traceBlockByHash', params);
  }

  /** The call frames of a block, raw: by `debug_traceBlockByHash`, else by `trace_block`. */
  async blockFrames(block: number, hash: string): Promise<unknown> {
    try {
      return await this.traceBlock([hash, { tracer: 'callTracer' }]);
    } catch (error) {
      if (!(error instanceof ImoError) || error.code !== 'RPC_METHOD_MISSING') throw error;
      return this.ask(z.array(z.unknown()), 'trace_block', [tag(block)]);
    }
  }

  /** Raw answer of `debug_traceTransaction`. */
  async traceTransaction(params: unknown[]): Promise<unknown> {
    return this.trace('debug_traceTransaction', params);
  }

  /**
   * Whether the endpoint that answered a trace last ignores `withLog`, as far as is known: it has
   * never put a log into a call tree. One that did so before has lost a log.
   */
  ignoresWithLog(method: string): boolean {
    return 'writesTreeLogs' in this.client && !this.client.writesTreeLogs(method);
  }

  private async trace(method: string, params: unknown[]): Promise<unknown> {
    const answer = await this.ask(z.unknown(), method, this.timed(params));
    if ('sawTreeLog' in this.client && hasTreeLog(answer)) this.client.sawTreeLog(method);
    return answer;
  }

  /** Hashes of the transactions that a block lists, in lower case. */
  async transactionHashes(blockHash: string): Promise<string[]> {
    const schema = z.object({ transactions: z.array(bytes) });
    const { transactions } = await this.ask(schema, 'eth_getBlockByHash', [blockHash, false]);
    return transactions.map((hash) => hash.toLowerCase());
  }

  /** Whom a block pays outside of its transactions: its proposer, and its withdrawals (EIP-4895). */
  async payouts(blockHash: string): Promise<{
    readonly proposer: string;
    readonly withdrawals: readonly { readonly address: string; readonly amountWei: bigint }[];
  }> {
    const block = await this.ask(payoutBlock, 'eth_getBlockByHash', [blockHash, false]);
    const withdrawals = (block.withdrawals ?? []).map(({ address, amount }) => ({
      address: address.toLowerCase(),
      amountWei: amount * WEI_PER_GWEI,
    }));
    return { proposer: block.miner, withdrawals };
  }

  /** What each transaction of a block tipped its proposer, in wei. */
  async tips(
    blockHash: string,
  ): Promise<{ transactionIndex: number; transactionHash: string; tipWei: bigint }[]> {
    const block = await this.ask(feeBlock, 'eth_getBlockByHash', [blockHash, false]);
    const receipts = await this.askAll(
      transactionReceipt,
      'eth_getTransactionReceipt',
      block.transactions.map((hash) => [hash]),
    );
    return receipts.map((receipt) => ({
      transactionIndex: Number(receipt.transactionIndex),
      transactionHash: receipt.transactionHash,
      tipWei: receipt.gasUsed * (receipt.effectiveGasPrice - block.baseFeePerGas),
    }));
  }

  /** The endpoint that last answered a method gave wrong data: asks others first for a while. */
  distrust(method: string): void {
    if ('distrust' in this.client) this.client.distrust(method);
  }

  close(): void {
    this.client.close();
  }

  /** The parameters of a trace with a time limit; Geth's own is 5 s. */
  private timed([of, tracer, ...others]: unknown[]): unknown[] {
    const { traceTimeoutSeconds = TRACE_TIMEOUT_SECONDS } = this.options;
    if (typeof tracer !== 'object') return [of, tracer, ...others];
    return [of, { timeout: `${traceTimeoutSeconds}s`, ...tracer }, ...others];
  }

  /** For messages: the endpoint that answered a method last. */
  endpointOf(method: string): string {
    return 'endpointOf' in this.client ? this.client.endpointOf(method) : this.displayUrl;
  }

  private async ask<T>(schema: z.ZodType<T>, method: string, params: unknown[]): Promise<T> {
    const [answer] = await this.askAll(schema, method, [params]);
    return answer as T;
  }

  private async viewOn(
    to: Address,
    data: string,
    block: BlockTag,
    state: object,
    validateError: NonNullable<CallOptions['validateError']>,
  ): Promise<string | null> {
    const [answer = null] = await this.askAll(
      bytes.nullable(),
      'eth_call',
      [[{ to, data }, tag(block), state]],
      { validateError },
    );
    return answer === '0x' ? null : answer;
  }

  /** Asks the same about several things. Repeats answers of the wrong type, another endpoint first. */
  private async askAll<T>(
    schema: z.ZodType<T>,
    method: string,
    questions: readonly unknown[][],
    options?: CallOptions,
  ): Promise<T[]> {
    const ask = (of: readonly unknown[][]) => this.send(method, of, options);
    for (let reading = 1; ; reading++) {
      const answers =
        reading === 1
          ? await this.foreseen.take(method, questions, options, ask)
          : await ask(questions);
      const parsed = z.array(schema).safeParse(answers);
      if (parsed.success) {
        this.options.heard?.note(method, questions, answers);
        return parsed.data;
      }
      this.distrust(method);
      if (reading === READINGS) {
        const bad = answers.findIndex((answer) => !schema.safeParse(answer).success);
        throw this.badAnswer(method, answers[bad], questions[bad]);
      }
    }
  }

  private send(
    method: string,
    questions: readonly unknown[][],
    options: CallOptions | undefined,
  ): Promise<unknown[]> {
    const calls = questions.map((params) => ({ method, params }));
    const send = () =>
      JOINED_METHODS.has(method)
        ? this.joined.ask(method, calls, options)
        : this.client.batchCall(calls, options);
    const answers = this.guard(method, send, questions[0]);
    this.options.ahead?.foreseen.add(method, questions, options, answers);
    return answers;
  }

  private async guard<T>(
    method: string,
    call: () => Promise<T>,
    params?: readonly unknown[],
  ): Promise<T> {
    try {
      return await call();
    } catch (error) {
      if (error instanceof ImoError) throw error;
      const endpoint = this.endpointOf(method);
      const fault =
        tooLargeFault(error, endpoint, subjectOf(method, params)) ??
        accessFault(error, method, endpoint);
      if (fault !== null) throw fault;
      if (error instanceof RpcError && isUnknownMethod(error)) {
        throw new ImoError(
          'RPC_METHOD_MISSING',
          `${this.displayUrl} does not serve ${method}: ${error.message}`,
          'Use an endpoint that serves this method; the books cannot be exact without it.',
          { cause: error },
        );
      }
      if (error instanceof RpcError) {
        throw new ImoError(
          'RPC_REFUSED',
          `${this.endpointOf(method)} answered ${subjectOf(method, params)} with error ${error.code}: ${error.message}`,
          'Old balances and code need an archive node. Check whether the plan of the endpoint has archive access.',
          { cause: error },
        );
      }
      throw new ImoError(
        'RPC_UNREACHABLE',
        `${this.displayUrl} did not answer ${subjectOf(method, params)}: ${reasonOf(error)}`,
        'Check the `rpc` of the chain in the config, the network and the key.',
      );
    }
  }

  private badAnswer(method: string, answer: unknown, params?: readonly unknown[]): ImoError {
    return new ImoError(
      'RPC_BAD_ANSWER',
      `${this.endpointOf(method)} answered ${subjectOf(method, params)} with ${JSON.stringify(answer)?.slice(0, 80)}`,
      'The endpoint does not support Ethereum JSON-RPC, or truncated the answer. Use another endpoint.',
    );
  }

  private missing(block: number | 'latest'): ImoError {
    return new ImoError(
      'RPC_BLOCK_MISSING',
      `${this.displayUrl} has no block ${block}`,
      'The node is behind or pruned. Wait until it has the block, or use another endpoint.',
    );
  }
}

function tag(block: BlockTag): unknown {
  if (typeof block === 'number') return `0x${block.toString(16)}`;
  return typeof block === 'string' ? block : { blockHash: block.hash };
}

/** A revert is an answer; a node that gave up on the call has not answered. */
function nullIfReverted(error: ConstructorParameters<typeof RpcError>[0]): null {
  const { message } = error;
  const isReverted = /revert|invalid opcode|out of gas|stack|execution|evm error/i.test(message);
  if (isReverted && !/time.?out|timed out|abort/i.test(message)) return null;
  throw new RpcError(error);
}

/** Whether a revert brought data: `Error(string)`, a panic or an error of the contract's own. */
function isRefusedWithReason(error: ConstructorParameters<typeof RpcError>[0]): boolean {
  nullIfReverted(error);
  const { data } = error;
  return typeof data === 'string' && data.length > 2;
}

/** Why a connection failed, without the URL that the library puts into its messages. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown reason';
  const cause = error.cause instanceof Error ? error.cause.message : '';
  return `${error.message} ${cause}`.replace(/\S+:\/\/\S+/g, '<url>').trim();
}
