import { z } from 'zod';
import type { SqdEndpoint } from '../../../config/source/sqd.js';
import type { BlockRange } from '../../rpc/endpoints/rangeLimit.js';
import type { Piece } from '../finders/finder.js';
import { readBlock } from './blockLine.js';
import { badAnswer, PassingFault } from './faults.js';
import { type Ask, ask, readAtMost } from './http.js';
import type { SqdItems } from './items.js';
import type { Patience } from './patience.js';
import { parseJson, SqdFinder, type SqdPlace } from './sqdFinder.js';

/** An answer is one JSON document, read whole. */
const ANSWER_BYTES = 48 * 1024 * 1024;
const SMALL_ANSWER_BYTES = 16 * 1024;
/** A worker may search for three minutes. */
const SILENCE_MS = 190_000;

const answerBody = z.array(z.unknown());

export interface GatewayOptions {
  readonly patience?: Patience;
  readonly silenceMs?: number;
  readonly answerBytes?: number;
}

interface GatewayPlace extends SqdPlace {
  /** Blocks in one request. */
  span: number;
}

/**
 * Finds blocks by an SQD v2 gateway (https://beta.docs.sqd.dev/en/api/reference/evm-api). A router
 * names the worker that has a block; the worker answers with the blocks that match and the last
 * block that it searched. These gateways need a key and are being retired.
 */
export class GatewayFinder extends SqdFinder {
  constructor(
    endpoint: SqdEndpoint,
    private readonly options: GatewayOptions = {},
  ) {
    super('gateway', endpoint, options.patience);
  }

  height(signal: AbortSignal): Promise<number> {
    return this.retries(signal).until(async () => {
      const { text } = await this.route('height', signal);
      const height = Number(text.trim() === '' ? Number.NaN : text);
      if (!Number.isSafeInteger(height) || height < 0) {
        throw badAnswer(this.service, 'its height is not a block number');
      }
      return height;
    });
  }

  protected async *search(
    { from, to }: BlockRange,
    items: SqdItems,
    signal: AbortSignal,
  ): AsyncGenerator<Piece> {
    const place: GatewayPlace = { next: from, before: null, span: to - from + 1 };
    const retries = this.retries(signal);
    while (place.next <= to) {
      const piece = await retries.until(() => this.query(place, to, items, signal));
      retries.progressed();
      if (piece === null) continue;
      yield piece;
      place.span *= 2;
    }
  }

  /** One question to one worker; `null` where its answer was too large and less must be asked. */
  private async query(
    place: GatewayPlace,
    to: number,
    items: SqdItems,
    signal: AbortSignal,
  ): Promise<Piece | null> {
    const { text: worker, headers } = await this.route(`${place.next}/worker`, signal);
    const url = worker.trim();
    if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
      throw badAnswer(this.service, 'the worker that it names is not a URL');
    }
    const until = Math.min(to, place.next + place.span - 1);
    const body = this.bodyOf({ from: place.next, to: until }, items);
    const { chunks } = await ask({ ...this.request(url, signal), headers, body });
    const { answerBytes = ANSWER_BYTES } = this.options;
    const { text, isWhole } = await readAtMost(chunks, answerBytes);
    if (isWhole) return this.pieceOf(text, place, until);
    if (until === place.next) {
      throw badAnswer(this.service, `its answer for block ${place.next} is too large`);
    }
    place.span = Math.floor((until - place.next + 1) / 2);
    return null;
  }

  private pieceOf(text: string, place: GatewayPlace, until: number): Piece {
    const parsed = answerBody.safeParse(parseJson(text));
    if (!parsed.success) throw new PassingFault(`the answer of a worker of ${this.who} was cut`);
    const blocks = parsed.data.map((entry) => {
      const block = readBlock(entry);
      if (block === null) throw badAnswer(this.service, 'an entry is not a block');
      return block;
    });
    const piece = this.take(blocks, place, until);
    if (piece === null) throw badAnswer(this.service, 'it sent no block at all');
    return piece;
  }

  /** What the router says. The `x-sqd-…` headers of its answer belong to the worker. */
  private async route(
    path: string,
    signal: AbortSignal,
  ): Promise<{ readonly text: string; readonly headers: Readonly<Record<string, string>> }> {
    const { key } = this.endpoint;
    const request = { ...this.request(this.urlOf(path), signal), key };
    const answer = await ask(key === null ? request : { ...request, headers: { token: key } });
    const { text } = await readAtMost(answer.chunks, SMALL_ANSWER_BYTES);
    const own = [...answer.headers].filter(([name]) => name.startsWith('x-sqd-'));
    return { text, headers: Object.fromEntries(own) };
  }

  /** Workers are others' machines: they get no key. */
  private request(url: string, signal: AbortSignal): Ask {
    const { silenceMs = SILENCE_MS } = this.options;
    return { service: this.service, url, key: null, silenceMs, signal };
  }
}
