import type { MappingRequest } from '@subsquid/evm-processor/lib/ds-rpc/request.js';
import type { Block } from '@subsquid/evm-processor/lib/ds-rpc/rpc-data.js';
import type { BlockRange } from '../../rpc/endpoints/rangeLimit.js';
import { itemsOf } from '../eachBlock.js';
import { mapCheckedBlock } from '../mapBlocks.js';
import type { PreparedBlock } from '../preparedBlocks.js';
import type { AnswerCache } from './answerCache.js';
import { decodeBlock, encodeBlock, requestKey } from './keptBlock.js';
import type { PackStore } from './packStore.js';

/** More is read again: it takes more room than it saves time. */
const BYTES_AT_MOST = 1024 * 1024;
/** Times that a run gets one block: another question may be a doubt about it. */
const SERVED_AT_MOST = 16;
/** Blocks that wait until they are final. */
const YOUNG_AT_MOST = 5_000;

interface YoungBlock {
  readonly key: string;
  readonly hash: string;
  readonly value: Buffer;
}

/** Keeps what concerns us of blocks that were read one by one. Of most blocks that is a header. */
export class KeptBlocks {
  private readonly served = new Map<string, number>();
  private readonly keys = new WeakMap<object, string>();
  /** By height. */
  private readonly young = new Map<number, YoungBlock>();

  constructor(
    private readonly store: PackStore,
    private readonly answers: AnswerCache,
  ) {}

  /**
   * Reads blocks, those that are not kept from the nodes.
   *
   * @param ask reads blocks in order, with what is to be kept of them
   */
  async read(
    range: BlockRange,
    request: MappingRequest,
    ask: (range: BlockRange) => Promise<PreparedBlock[]>,
  ): Promise<PreparedBlock[]> {
    const blocks: PreparedBlock[] = [];
    let missing: number | null = null;
    const askTo = async (to: number) => {
      if (missing === null) return;
      const asked = await ask({ from: missing, to });
      missing = null;
      for (const block of asked) this.keepPrepared(block, request);
      blocks.push(...asked);
    };
    for (let height = range.from; height <= range.to; height++) {
      const block = await this.get(height, request);
      if (block === null) {
        missing ??= height;
        continue;
      }
      await askTo(height - 1);
      blocks.push({ mapped: mapCheckedBlock(block, request), items: itemsOf(block), kept: null });
    }
    await askTo(range.to);
    if (isLinked(blocks)) return blocks;
    // What is kept and what the nodes have are not of one chain.
    this.answers.turnOff();
    return ask(range);
  }

  /** Takes note of a checked block; one that is not final waits until it is. */
  keep(block: Block, request: MappingRequest): void {
    if (!request.traces && !request.logs) return;
    this.keepValue(block, request, encodeBlock(block, request));
  }

  /** Another thread may have read it, whose answers nobody saw here. */
  private keepPrepared({ mapped: { header }, kept }: PreparedBlock, request: MappingRequest): void {
    if (!request.traces && !request.logs) return;
    if (kept !== null && this.answers.sawBlock(header.height, header.hash)) {
      this.keepValue(header, request, Buffer.from(kept.buffer, kept.byteOffset, kept.byteLength));
    }
  }

  private keepValue(
    { height, hash }: Pick<Block, 'height' | 'hash'>,
    request: MappingRequest,
    value: Buffer | null,
  ): void {
    if (value === null || value.length > BYTES_AT_MOST) return;
    const key = this.keyOf(height, request);
    this.young.delete(height);
    this.young.set(height, { key, hash, value });
    for (const [oldest, young] of this.young) {
      if (this.answers.isFinal(oldest)) this.settle(oldest, young);
      else if (this.young.size <= YOUNG_AT_MOST) return;
      this.young.delete(oldest);
    }
  }

  private settle(block: number, { key, hash, value }: YoungBlock): void {
    // A fork may have replaced it meanwhile.
    if (!this.answers.isBlock(block, hash)) return;
    this.store.put('blocks', { key, subject: 'blocks', block, value });
    this.answers.renewed(key);
    this.served.set(key, 0);
  }

  private async get(height: number, request: MappingRequest): Promise<Block | null> {
    if (!this.answers.isFinal(height)) return null;
    const key = this.keyOf(height, request);
    const times = (this.served.get(key) ?? 0) + 1;
    if (times > SERVED_AT_MOST || this.answers.isDoubted(key, height)) return null;
    const value = await this.store.get('blocks', key, height);
    const block = value === null ? null : decodeBlock(value, height);
    if (block === null || !this.answers.sawBlock(height, block.hash)) return null;
    this.served.set(key, times);
    return block;
  }

  private keyOf(height: number, request: MappingRequest): string {
    const of = this.keys.get(request.dataRequest) ?? requestKey(request);
    this.keys.set(request.dataRequest, of);
    return `${of} ${height}`;
  }
}

function isLinked(blocks: readonly PreparedBlock[]): boolean {
  return blocks.every(({ mapped: { header } }, index) => {
    const before = blocks[index - 1]?.mapped.header;
    return before === undefined || before.hash === header.parentHash;
  });
}
