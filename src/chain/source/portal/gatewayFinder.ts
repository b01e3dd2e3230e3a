import { z } from 'zod';
import { redactUrl } from '../../../config/redact.js';
import type { SqdEndpoint } from '../../../config/sqd.js';
import type { BlockRange } from '../../rpc/rangeLimit.js';
import type { Finder, Piece, Wanted } from '../finder.js';
import { type BlockLine, readBlock, SQD_FIELDS } from './blockLine.js';
import { badAnswer, forkError, PassingFault, type Service } from './faults.js';
import { type Ask, ask, readAtMost } from './http.js';
import { type SqdItems, sqdRequests } from './items.js';
import { PATIENCE, type Patience, Retries } from './patience.js';
import { together } from './together.js';

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

interface Place {
  next: number;
  before: BlockLine | null;
  /** Blocks that are asked for at once. */
  span: number;
}

/**
 * Finds blocks by an SQD v2 gateway (https://beta.docs.sqd.dev/en/api/reference/evm-api). A router
 * names the worker that has a block; the worker answers with the blocks that match and the last
 * block that it searched. These gateways need a key and are being retired.
 */
export class GatewayFinder implements Finder {
  readonly kind = 'gateway';
  private readonly service: Service;

  constructor(
    private readonly endpoint: SqdEndpoint,
    private readonly options: GatewayOptions = {},
  ) {
    const displayUrl = redactUrl(endpoint.url);
    this.service = { name: 'SQD gateway', configKey: 'gateway', displayUrl };
  }

  describe(): string {
    return `${this.service.name} ${this.service.displayUrl}: final blocks by filter`;
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
    const place: Place = { next: from, before: null, span: to - from + 1 };
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
    place: Place,
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
    const body = JSON.stringify({
      fromBlock: place.next,
      toBlock: until,
      fields: SQD_FIELDS,
      ...(items.logs.length === 0 ? {} : { logs: items.logs }),
      ...(items.traces.length === 0
        ? {}
        : { traces: items.traces.map((item) => ({ ...item, transaction: true })) }),
    });
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

  private pieceOf(text: string, place: Place, until: number): Piece {
    const parsed = answerBody.safeParse(parse(text));
    if (!parsed.success) {
      const { name, displayUrl } = this.service;
      throw new PassingFault(`the answer of a worker of ${name} ${displayUrl} was cut`);
    }
    const blocks = parsed.data.map(readBlock);
    const hits = [];
    for (const block of blocks) {
      if (block === null) throw badAnswer(this.service, 'an entry is not a block');
      const { before, next } = place;
      if (block.number < next || block.number > until) {
        const asked = `${next} to ${until}`;
        throw badAnswer(this.service, `block ${block.number} is outside of ${asked}`);
      }
      const isChild = before !== null && block.number === before.number + 1;
      if (isChild && block.parentHash !== before.hash) {
        throw forkError(this.service, before.number, block.parentHash, before.hash);
      }
      if (block.hit !== null) hits.push(block.hit);
      place.before = block;
      place.next = block.number + 1;
    }
    const last = blocks.at(-1);
    if (last == null) throw badAnswer(this.service, 'it sent no block at all');
    return { to: last.number, hits };
  }

  /** What the router says. The `x-sqd-…` headers of its answer belong to the worker. */
  private async route(
    path: string,
    signal: AbortSignal,
  ): Promise<{ readonly text: string; readonly headers: Readonly<Record<string, string>> }> {
    const { url, key } = this.endpoint;
    const address = `${url.replace(/\/+$/, '')}/${path}`;
    const request = { ...this.request(address, signal), key };
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
