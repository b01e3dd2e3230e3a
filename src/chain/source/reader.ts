import type { MappingRequest } from '@subsquid/evm-processor/lib/ds-rpc/request.js';
import type { Block, GetBlock } from '@subsquid/evm-processor/lib/ds-rpc/rpc-data.js';
import { RpcError } from '@subsquid/rpc-client';
import { TRACE_TIMEOUT_SECONDS } from '../../config/source/traceTimeout.js';
import { type Network, networkOf } from '../networks.js';
import { faultOfLogs } from '../rpc/blocks/blockChecks.js';
import { BlockTraces, hashesOf, type TracesAhead } from '../rpc/blocks/blockTraces.js';
import { faultOfTraces } from '../rpc/blocks/checkedRpc.js';
import { ConfirmedTrees } from '../rpc/blocks/confirmedTree.js';
import { logFilter } from '../rpc/blocks/logFilter.js';
import type { RawLog } from '../rpc/blocks/rawLogs.js';
import { type RawReceipt, readReceipts } from '../rpc/blocks/receiptShape.js';
import { compareWithRoot } from '../rpc/blocks/receiptsRoot.js';
import { JoinedCalls } from '../rpc/connection/joinedCalls.js';
import type { PooledClient } from '../rpc/connection/pooledClient.js';
import { AnswerError } from '../rpc/endpoints/answerFault.js';
import { compareHeader } from './proofs/headerHash.js';
import { addFramesOf, type Selection } from './transactionFrames.js';
import { tracedIn } from './wanted.js';

/** A block to read, and which of its transactions have to be traced. */
export interface BlockToRead {
  readonly height: number;
  /** By the finder's account; the node must have the same block. */
  readonly hash?: string;
  /** Besides those with wanted logs; `null`: all of them. */
  readonly transactions: readonly string[] | null;
}

/** A block with what concerns us, checked. */
export interface ReadBlock {
  readonly block: Block;
  /** All transactions were traced: nothing in it can have been missed. */
  readonly isWhole: boolean;
}

/** Reads blocks that a finder found. The cache wraps the reader that asks the nodes. */
export interface BlockReader {
  /** Checked blocks in the order of the questions. @throws AnswerError, RpcError */
  read(blocks: readonly BlockToRead[], request: MappingRequest): Promise<ReadBlock[]>;
  /** Blocks without what is in them: where nothing concerns us. */
  headers(heights: readonly number[]): Promise<Block[]>;
}

export interface ReaderOptions {
  readonly client: PooledClient;
  readonly chainId: number;
  readonly traceTimeoutSeconds?: number;
  /** Reads blocks with all checks where there are no receipts of whole blocks to check them by. */
  readonly readWhole: (height: number, request: MappingRequest) => Promise<Block>;
  /** The nodes serve `eth_getBlockReceipts`. */
  readonly hasBlockReceipts: boolean;
}

/** With so few transactions one question for all frames costs less than one for each. */
const FEW_TRANSACTIONS = 10;

const HEX = /^0x[0-9a-fA-F]*$/;

/** A header with the hashes of its transactions, as a node writes it. */
interface RawBlock {
  readonly number: string;
  readonly hash: string;
  readonly parentHash: string;
  readonly logsBloom: string;
  readonly receiptsRoot?: string;
  readonly transactions: readonly string[];
}

/** The finder has another block at a height than the nodes: it follows another fork. */
export class ForeignBlockError extends Error {
  override readonly name = 'ForeignBlockError';

  constructor({ height, hash }: { readonly height: number; readonly hash: string }, other: string) {
    super(`block ${height} is ${hash} by the node, ${other} by the finder`);
  }
}

/** Reads of a block what concerns us, and proves it by the header's roots and by its call trees. */
export class NodeReader implements BlockReader {
  private readonly traces: BlockTraces;
  private readonly trees: ConfirmedTrees;
  private readonly network: Network | null;
  private readonly joined: JoinedCalls;
  /** The blocks that were read last had few transactions each. */
  private areSmall = false;

  constructor(private readonly options: ReaderOptions) {
    const { client, chainId, traceTimeoutSeconds = TRACE_TIMEOUT_SECONDS } = options;
    this.traces = new BlockTraces(client, traceTimeoutSeconds);
    this.trees = new ConfirmedTrees(client);
    this.network = networkOf(chainId);
    this.joined = new JoinedCalls(client);
  }

  async read(blocks: readonly BlockToRead[], request: MappingRequest): Promise<ReadBlock[]> {
    if (blocks.length === 0) return [];
    const heights = blocks.map(({ height }) => height);
    const framing = this.framesAhead(heights, request);
    const [headers, answers] = await Promise.all([this.headers(heights), this.receipts(heights)]);
    this.areSmall = headers.every((block) => hashesOf(block).length <= FEW_TRANSACTIONS);
    const selections: Selection[] = [];
    const whole: Block[] = [];
    const unproven: number[] = [];
    for (const [index, block] of headers.entries()) {
      const { hash = block.hash, transactions = null } = blocks[index] ?? {};
      if (hash.toLowerCase() !== block.hash.toLowerCase()) throw new ForeignBlockError(block, hash);
      const receiptList = await this.checkedReceipts(block, answers[index]);
      if (receiptList === null) {
        unproven.push(block.height);
        continue;
      }
      const selected = this.selected(block, receiptList, transactions, request);
      if (selected === null) whole.push(block);
      else selections.push({ block, hashes: selected });
    }
    whole.push(...(await this.addSelected(selections, request)));
    await this.addWhole(whole, request, await framing);
    const others = await Promise.all(
      unproven.map((height) => this.options.readWhole(height, request)),
    );
    const read = new Map([...headers, ...others].map((block) => [block.height, block]));
    const isWhole = new Set([...whole, ...others].map(({ height }) => height));
    return [...read.values()].map((block) => ({ block, isWhole: isWhole.has(block.height) }));
  }

  /** All frames of blocks like those before them, which are read as a whole: of a far node, each round costs its way. */
  private async framesAhead(
    heights: readonly number[],
    { traces, preferTraceApi }: MappingRequest,
  ): Promise<TracesAhead | undefined> {
    if (!this.areSmall || !traces || !preferTraceApi) return undefined;
    // What fails is asked again with the blocks.
    return this.traces.askTraces(heights, Math.min(...heights)).catch(() => undefined);
  }

  async headers(heights: readonly number[]): Promise<Block[]> {
    const method = 'eth_getBlockByNumber';
    // The end of a part shares the request for its hits.
    const answers = await this.joined.ask(method, callsOf(method, heights, false), {
      priority: Math.min(...heights),
    });
    return answers.map((answer, index) => this.checkedHeader(heights[index] ?? 0, answer));
  }

  private batch(method: string, heights: readonly number[]): Promise<unknown[]> {
    return this.options.client.batchCall<unknown>(callsOf(method, heights), {
      priority: Math.min(...heights),
    });
  }

  /** Empty where they are not to be had by blocks. */
  private async receipts(heights: readonly number[]): Promise<unknown[]> {
    const { hasBlockReceipts } = this.options;
    // Blocks of these chains have logs of transactions that they do not list.
    if (!hasBlockReceipts || this.network?.hidesTransactions) return [];
    try {
      return await this.batch('eth_getBlockReceipts', heights);
    } catch (error) {
      if (error instanceof RpcError) return [];
      throw error;
    }
  }

  private checkedHeader(height: number, answer: unknown): Block {
    const method = 'eth_getBlockByNumber';
    if (!isRawBlock(answer) || Number(answer.number) !== height) {
      throw this.fault(method, { height, hash: 'unknown' }, 'the answer is not this block');
    }
    const block: Block = {
      height,
      hash: answer.hash,
      block: asLibraryHas({ ...answer }),
      logs: [],
    };
    if (compareHeader(answer) === 'different') {
      throw this.fault(method, block, 'its hash is not that of its header');
    }
    return block;
  }

  /**
   * The receipts of a block, whose logs are put into it; `null` if they are not its own, or not all:
   * some chains list transactions that have none.
   */
  private async checkedReceipts(block: Block, answer: unknown): Promise<RawReceipt[] | null> {
    if (answer === undefined) return null;
    const read = readReceipts(answer);
    const hashes = hashesOf(block);
    const isOfBlock =
      read?.length === hashes.length &&
      read.every(
        ({ blockHash, transactionHash }, index) =>
          blockHash === block.hash && transactionHash === hashes[index],
      );
    if (read === null || !isOfBlock) return null;
    block.logs = read.flatMap(({ logs }) => logs) as unknown as NonNullable<Block['logs']>;
    if (await this.areProven(block, read)) return read;
    this.options.client.distrust('eth_getBlockReceipts');
    return null;
  }

  /** By the root in the header and by its bloom filter, as far as the chain has them. */
  private async areProven(block: Block, receiptList: readonly RawReceipt[]): Promise<boolean> {
    // Checked with the header.
    const { receiptsRoot } = block.block as unknown as RawBlock;
    if (receiptsRoot !== undefined) {
      const verdict = await compareWithRoot(receiptList, receiptsRoot);
      if (verdict === 'different') return false;
    }
    return faultOfLogs(block, this.network) === null;
  }

  /** The transactions to trace; `null`: all of them. */
  private selected(
    block: Block,
    receiptList: readonly RawReceipt[],
    transactions: readonly string[] | null,
    request: MappingRequest,
  ): string[] | null {
    const isWanted = logFilter(request.dataRequest);
    if (isWanted !== null) {
      block.logs = (block.logs ?? []).filter((log) => isWanted(log as unknown as RawLog));
    }
    if (!request.traces) return [];
    const all = hashesOf(block);
    if (transactions === null || all.length <= FEW_TRANSACTIONS) return null;
    const addresses = tracedIn(request.dataRequest);
    const named = new Set(transactions);
    for (const log of block.logs ?? []) {
      named.add((log as unknown as RawLog).transactionHash.toLowerCase());
    }
    for (const { transactionHash, from, to, contractAddress } of receiptList) {
      const isOurs = [from, to, contractAddress].some(
        (address) => typeof address === 'string' && addresses.has(address.toLowerCase()),
      );
      if (isOurs) named.add(transactionHash.toLowerCase());
    }
    // A transaction that is not in the block tells nothing about the others.
    const selected = all.filter((hash) => named.has(hash.toLowerCase()));
    // Of most transactions, one question for all frames costs less than one for each.
    const areMost = 2 * selected.length > all.length;
    return areMost || selected.length < named.size ? null : selected;
  }

  /** Returns the blocks whose transactions cannot be traced one by one. */
  private async addSelected(
    selections: readonly Selection[],
    { preferTraceApi = false }: MappingRequest,
  ): Promise<Block[]> {
    if (selections.length === 0) return [];
    const { client, chainId, traceTimeoutSeconds = TRACE_TIMEOUT_SECONDS } = this.options;
    const { trees } = this;
    const options = { client, chainId, trees, preferTraceApi, traceTimeoutSeconds };
    try {
      await addFramesOf(selections, options);
      return [];
    } catch (error) {
      if (!(error instanceof RpcError) && !(error instanceof AnswerError)) throw error;
      return selections.map(({ block }) => block);
    }
  }

  private async addWhole(
    blocks: readonly Block[],
    request: MappingRequest,
    ahead: TracesAhead | undefined,
  ): Promise<void> {
    if (blocks.length === 0) return;
    const { client, chainId } = this.options;
    const { trees } = this;
    const priority = Math.min(...blocks.map(({ height }) => height));
    const { dataRequest } = request;
    if (request.preferTraceApi) await this.traces.addTraces(blocks, dataRequest, priority, ahead);
    else await this.traces.addCalls(blocks, dataRequest, priority);
    for (const block of blocks) {
      const fault =
        block._errorMessage ?? (await faultOfTraces(block, request, { client, chainId, trees }));
      if (fault === null) continue;
      throw this.fault(
        request.preferTraceApi ? 'trace_block' : 'debug_traceBlockByHash',
        block,
        fault,
      );
    }
  }

  private fault(
    method: string,
    block: { readonly height: number; readonly hash: string },
    what: string,
  ): AnswerError {
    const { client } = this.options;
    client.distrust(method);
    return new AnswerError({ method, endpoint: client.endpointOf(method), block }, what);
  }
}

function callsOf(method: string, heights: readonly number[], ...more: unknown[]) {
  return heights.map((height) => ({ method, params: [`0x${height.toString(16)}`, ...more] }));
}

/** Without a schema, which takes as long as all other checks of a block. */
function isRawBlock(value: unknown): value is RawBlock {
  if (typeof value !== 'object' || value === null) return false;
  const { number, hash, parentHash, logsBloom, receiptsRoot, transactions } =
    value as Partial<RawBlock>;
  return (
    [number, hash, parentHash, logsBloom].every(isHex) &&
    (receiptsRoot === undefined || isHex(receiptsRoot)) &&
    Array.isArray(transactions) &&
    transactions.every(isHex)
  );
}

function isHex(value: unknown): boolean {
  return typeof value === 'string' && HEX.test(value);
}

/** The library's type names only the fields that it needs; all others are there too. */
function asLibraryHas(block: RawBlock): GetBlock {
  return block as unknown as GetBlock;
}
