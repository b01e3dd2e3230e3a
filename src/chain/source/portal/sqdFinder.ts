import { redactUrl } from '../../../config/redact.js';
import type { SqdEndpoint } from '../../../config/source/sqd.js';
import type { BlockRange } from '../../rpc/endpoints/rangeLimit.js';
import type { Finder, Piece, Wanted } from '../finders/finder.js';
import { type BlockLine, SQD_FIELDS } from './blockLine.js';
import { badAnswer, forkError, type Service } from './faults.js';
import { type SqdItems, sqdRequests } from './items.js';
import { PATIENCE, type Patience, Retries } from './patience.js';
import { together } from './together.js';

const NAMES = { portal: 'SQD Portal', gateway: 'SQD gateway' } as const;

/** Where a search is: the next block, and the one before it as the service had it. */
export interface SqdPlace {
  next: number;
  before: BlockLine | null;
}

/** What a Portal and a gateway share: requests within the limits, and blocks that must be linked. */
export abstract class SqdFinder implements Finder {
  protected readonly service: Service;

  constructor(
    readonly kind: Service['configKey'],
    protected readonly endpoint: SqdEndpoint,
    private readonly patience: Patience = PATIENCE,
  ) {
    const displayUrl = redactUrl(endpoint.url);
    this.service = { name: NAMES[kind], configKey: kind, displayUrl };
  }

  abstract height(signal: AbortSignal): Promise<number>;

  protected abstract search(
    range: BlockRange,
    items: SqdItems,
    signal: AbortSignal,
  ): AsyncIterable<Piece>;

  describe(): string {
    return `${this.who}: final blocks by filter`;
  }

  async *find(range: BlockRange, wanted: Wanted, signal: AbortSignal): AsyncGenerator<Piece> {
    const requests = sqdRequests(wanted);
    if (requests.length === 0) yield { to: range.to, hits: [] };
    else yield* together(requests.map((items) => this.search(range, items, signal)));
  }

  /** For messages. */
  protected get who(): string {
    return `${this.service.name} ${this.service.displayUrl}`;
  }

  protected urlOf(path: string): string {
    return `${this.endpoint.url.replace(/\/+$/, '')}/${path}`;
  }

  protected retries(signal: AbortSignal): Retries {
    return new Retries(this.service, this.patience, signal);
  }

  /** The body of a question. @param more what only this service takes */
  protected bodyOf({ from, to }: BlockRange, { logs, traces }: SqdItems, more = {}): string {
    return JSON.stringify({
      ...more,
      fromBlock: from,
      toBlock: to,
      fields: SQD_FIELDS,
      ...(logs.length === 0 ? {} : { logs }),
      ...(traces.length === 0
        ? {}
        : { traces: traces.map((item) => ({ ...item, transaction: true })) }),
    });
  }

  /**
   * Takes blocks that continue a search up to `to`.
   *
   * @throws ImoError `SOURCE_BAD_ANSWER` if one is out of range; `SOURCE_OTHER_FORK` if it does not
   *   follow the one before
   */
  protected take(blocks: readonly BlockLine[], place: SqdPlace, to: number): Piece | null {
    for (const block of blocks) {
      const { before, next } = place;
      if (block.number < next || block.number > to) {
        throw badAnswer(this.service, `block ${block.number} is outside of ${next} to ${to}`);
      }
      const isChild = before !== null && block.number === before.number + 1;
      if (isChild && block.parentHash !== before.hash) {
        throw forkError(this.service, before.number, block.parentHash, before.hash);
      }
      place.before = block;
      place.next = block.number + 1;
    }
    const last = blocks.at(-1);
    if (last === undefined) return null;
    return { to: last.number, hits: blocks.flatMap(({ hit }) => (hit === null ? [] : [hit])) };
  }
}

/** @returns `undefined` where the text is not JSON: it may have been cut */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
