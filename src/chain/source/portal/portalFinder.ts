import { z } from 'zod';
import { redactUrl } from '../../../config/redact.js';
import type { SqdEndpoint } from '../../../config/sqd.js';
import type { BlockRange } from '../../rpc/rangeLimit.js';
import type { Finder, Piece, Wanted } from '../finder.js';
import { type BlockLine, readBlock, SQD_FIELDS } from './blockLine.js';
import { badAnswer, forkError, PassingFault, type Service } from './faults.js';
import { type Answer, type Ask, ask, readAtMost } from './http.js';
import { type SqdItems, sqdRequests } from './items.js';
import { LongLineError, linesOf } from './lines.js';
import { PATIENCE, type Patience, Retries } from './patience.js';
import { together } from './together.js';

/** A block with so much in it has tens of thousands of matches. */
const LINE_BYTES = 16 * 1024 * 1024;
/** Decoded bytes of one answer; the rest is asked for anew. */
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

/** Where a search is: the next block, and the hash of the one before it as the Portal had it. */
interface Place {
  next: number;
  before: BlockLine | null;
  /** No block of the present answer has come yet. */
  isAnswerNew: boolean;
}

/**
 * Finds blocks by an SQD Portal (https://beta.docs.sqd.dev/en/portal/evm/api): its
 * `finalized-stream` answers with the blocks that match, and always with the first and the last
 * block that it searched. A stream may end early; it is continued after its last block.
 */
export class PortalFinder implements Finder {
  readonly kind = 'portal';
  private readonly service: Service;

  constructor(
    private readonly endpoint: SqdEndpoint,
    private readonly options: PortalOptions = {},
  ) {
    const displayUrl = redactUrl(endpoint.url);
    this.service = { name: 'SQD Portal', configKey: 'portal', displayUrl };
  }

  describe(): string {
    return `${this.service.name} ${this.service.displayUrl}: final blocks by filter`;
  }

  height(signal: AbortSignal): Promise<number> {
    return this.retries(signal).until(async () => {
      const { chunks } = await ask(this.request('finalized-head', signal));
      const { text } = await readAtMost(chunks, SMALL_ANSWER_BYTES);
      const parsed = head.safeParse(parse(text));
      if (!parsed.success) throw badAnswer(this.service, 'its finalized head is not a block');
      // A Portal that has just started does not know its head yet.
      if (parsed.data === null) {
        throw new PassingFault(`${this.service.name} ${this.service.displayUrl} has no head yet`);
      }
      return parsed.data.number;
    });
  }

  async *find(range: BlockRange, wanted: Wanted, signal: AbortSignal): AsyncGenerator<Piece> {
    const requests = sqdRequests(wanted);
    if (requests.length === 0) yield { to: range.to, hits: [] };
    else yield* together(requests.map((items) => this.search(range, items, signal)));
  }

  private async *search(
    { from, to }: BlockRange,
    items: SqdItems,
    signal: AbortSignal,
  ): AsyncGenerator<Piece> {
    const place: Place = { next: from, before: null, isAnswerNew: true };
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
          throw new PassingFault(
            `${this.service.name} ${this.service.displayUrl} sent no block at all`,
          );
        }
      } catch (error) {
        await retries.failed(error);
      }
    }
  }

  private streamRequest(place: Place, to: number, items: SqdItems, signal: AbortSignal): Ask {
    const { before } = place;
    const body = {
      type: 'evm',
      fromBlock: place.next,
      toBlock: to,
      ...(before === null ? {} : { parentBlockHash: before.hash }),
      fields: SQD_FIELDS,
      ...(items.logs.length === 0 ? {} : { logs: items.logs }),
      ...(items.traces.length === 0
        ? {}
        : { traces: items.traces.map((item) => ({ ...item, transaction: true })) }),
    };
    return { ...this.request('finalized-stream', signal), body: JSON.stringify(body) };
  }

  /** The blocks of an answer as they come, until it ends, breaks, or is longer than allowed. */
  private async *blocksOf({ chunks }: Answer): AsyncGenerator<readonly BlockLine[]> {
    const { lineBytes = LINE_BYTES, answerBytes = ANSWER_BYTES } = this.options;
    let bytes = 0;
    try {
      for await (const { lines, isRest } of linesOf(chunks, lineBytes)) {
        const values = lines.filter((line) => line.trim() !== '').map(parse);
        // A line that was cut is not valid JSON. Its block is asked for again.
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

  /** Checks that blocks continue the search, as far as the answer itself shows it. */
  private pieceOf(blocks: readonly BlockLine[], place: Place, to: number): Piece | null {
    for (const block of blocks) {
      const { number } = block;
      const { before, next, isAnswerNew } = place;
      if (number < next || number > to) {
        throw badAnswer(this.service, `block ${number} is outside of ${next} to ${to}`);
      }
      if (isAnswerNew && number !== next) {
        throw badAnswer(this.service, `block ${next} is missing: its data starts at ${number}`);
      }
      if (before !== null && number === before.number + 1 && block.parentHash !== before.hash) {
        throw forkError(this.service, before.number, block.parentHash, before.hash);
      }
      place.before = block;
      place.next = number + 1;
      place.isAnswerNew = false;
    }
    const last = blocks.at(-1);
    if (last === undefined) return null;
    const hits = blocks.flatMap(({ hit }) => (hit === null ? [] : [hit]));
    return { to: last.number, hits };
  }

  private async conflictOf({ chunks }: Answer, { next, before }: Place): Promise<Error> {
    const { text } = await readAtMost(chunks, SMALL_ANSWER_BYTES);
    const parsed = conflictBody.safeParse(parse(text));
    const height = next - 1;
    const known = parsed.data?.previousBlocks.find(({ number }) => number === height);
    return forkError(this.service, height, known?.hash ?? 'another block', before?.hash ?? '?');
  }

  private request(path: string, signal: AbortSignal): Ask {
    const { url, key } = this.endpoint;
    const { silenceMs = SILENCE_MS } = this.options;
    return {
      service: this.service,
      url: `${url.replace(/\/+$/, '')}/${path}`,
      key,
      silenceMs,
      signal,
    };
  }

  private retries(signal: AbortSignal): Retries {
    return new Retries(this.service, this.options.patience ?? PATIENCE, signal);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
