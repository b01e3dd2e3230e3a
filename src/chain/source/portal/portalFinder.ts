import { z } from 'zod';
import type { SqdEndpoint } from '../../../config/source/sqd.js';
import type { BlockRange } from '../../rpc/endpoints/rangeLimit.js';
import type { Piece } from '../finders/finder.js';
import { type BlockLine, readBlock } from './blockLine.js';
import { badAnswer, forkError, PassingFault } from './faults.js';
import { type Answer, type Ask, ask, readAtMost } from './http.js';
import type { SqdItems } from './items.js';
import { LongLineError, linesOf } from './lines.js';
import type { Patience } from './patience.js';
import { parseJson, SqdFinder, type SqdPlace } from './sqdFinder.js';

/** A block with so much in it has tens of thousands of matches. */
const LINE_BYTES = 16 * 1024 * 1024;
/** Decoded bytes of one answer; another request asks for the rest. */
const ANSWER_BYTES = 1024 * 1024 * 1024;
const SMALL_ANSWER_BYTES = 64 * 1024;
/** A Portal waits up to a minute for one of its workers. */
const SILENCE_MS = 90_000;
const CONFLICT = 409;
const NO_DATA = 204;

const head = z.object({ number: z.int().min(0) }).nullable();
const conflictBody = z.object({
  previousBlocks: z.array(z.object({ number: z.int(), hash: z.string() })).min(1),
});

export interface PortalOptions {
  readonly patience?: Patience;
  readonly silenceMs?: number;
  readonly answerBytes?: number;
  readonly lineBytes?: number;
}

interface PortalPlace extends SqdPlace {
  /** No block of the present answer has come yet. */
  isAnswerNew: boolean;
}

/**
 * Finds blocks by an SQD Portal (https://beta.docs.sqd.dev/en/portal/evm/api): its
 * `finalized-stream` answers with the blocks that match, and always with the first and the last
 * block that it searched. A stream may end early; it is continued after its last block.
 */
export class PortalFinder extends SqdFinder {
  constructor(
    endpoint: SqdEndpoint,
    private readonly options: PortalOptions = {},
  ) {
    super('portal', endpoint, options.patience);
  }

  height(signal: AbortSignal): Promise<number> {
    return this.retries(signal).until(async () => {
      const { chunks } = await ask(this.request('finalized-head', signal));
      const { text } = await readAtMost(chunks, SMALL_ANSWER_BYTES);
      const parsed = head.safeParse(parseJson(text));
      if (!parsed.success) throw badAnswer(this.service, 'its finalized head is not a block');
      // A Portal that has just started does not know its head yet.
      if (parsed.data === null) {
        throw new PassingFault(`${this.who} has no head yet`);
      }
      return parsed.data.number;
    });
  }

  protected async *search(
    { from, to }: BlockRange,
    items: SqdItems,
    signal: AbortSignal,
  ): AsyncGenerator<Piece> {
    const place: PortalPlace = { next: from, before: null, isAnswerNew: true };
    const retries = this.retries(signal);
    while (place.next <= to) {
      const first = place.next;
      try {
        const answer = await ask(this.streamRequest(place, to, items, signal), [CONFLICT]);
        place.isAnswerNew = true;
        if (answer.status === NO_DATA) return;
        if (answer.status === CONFLICT) throw await this.conflictOf(answer, place);
        for await (const blocks of this.blocksOf(answer)) {
          const piece = this.pieceOf(blocks, place, to);
          if (piece === null) continue;
          retries.progressed();
          yield piece;
        }
        if (place.next === first) {
          throw new PassingFault(`${this.who} sent no block at all`);
        }
      } catch (error) {
        await retries.failed(error);
      }
    }
  }

  private streamRequest(
    { next, before }: SqdPlace,
    to: number,
    items: SqdItems,
    signal: AbortSignal,
  ): Ask {
    const parent = before === null ? {} : { parentBlockHash: before.hash };
    const body = this.bodyOf({ from: next, to }, items, { type: 'evm', ...parent });
    return { ...this.request('finalized-stream', signal), body };
  }

  /** The blocks of an answer as they come, until it ends, breaks, or is longer than allowed. */
  private async *blocksOf({ chunks }: Answer): AsyncGenerator<readonly BlockLine[]> {
    const { lineBytes = LINE_BYTES, answerBytes = ANSWER_BYTES } = this.options;
    let bytes = 0;
    try {
      for await (const { lines, isRest } of linesOf(chunks, lineBytes)) {
        const values = lines.filter((line) => line.trim() !== '').map(parseJson);
        // A line that was cut is not valid JSON. The next request starts at its block.
        if (isRest && values.at(-1) === undefined) return;
        yield values.map((value) => this.blockOf(value));
        bytes += lines.reduce((sum, line) => sum + line.length, 0);
        if (bytes > answerBytes) return;
      }
    } catch (error) {
      if (error instanceof LongLineError) throw badAnswer(this.service, error.message);
      throw error;
    }
  }

  private blockOf(value: unknown): BlockLine {
    const block = readBlock(value);
    if (block === null) throw badAnswer(this.service, 'a line is not a block with what was asked');
    return block;
  }

  /** An answer starts with the first block that was asked for. */
  private pieceOf(blocks: readonly BlockLine[], place: PortalPlace, to: number): Piece | null {
    const { next, isAnswerNew } = place;
    const first = blocks[0]?.number ?? next;
    if (isAnswerNew && first > next && first <= to) {
      throw badAnswer(this.service, `block ${next} is missing: its data starts at ${first}`);
    }
    const piece = this.take(blocks, place, to);
    if (piece !== null) place.isAnswerNew = false;
    return piece;
  }

  private async conflictOf({ chunks }: Answer, { next, before }: SqdPlace): Promise<Error> {
    const { text } = await readAtMost(chunks, SMALL_ANSWER_BYTES);
    const parsed = conflictBody.safeParse(parseJson(text));
    const height = next - 1;
    const known = parsed.data?.previousBlocks.find(({ number }) => number === height);
    return forkError(this.service, height, known?.hash ?? 'another block', before?.hash ?? '?');
  }

  private request(path: string, signal: AbortSignal): Ask {
    const { silenceMs = SILENCE_MS } = this.options;
    const { key } = this.endpoint;
    return { service: this.service, url: this.urlOf(path), key, silenceMs, signal };
  }
}
