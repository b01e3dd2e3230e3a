import { createHash } from 'node:crypto';
import { z } from 'zod';
import { FINDER_KINDS, type FinderKind } from '../../../config/source/finderKinds.js';
import type { BlockRange } from '../../rpc/endpoints/rangeLimit.js';
import { type Hit, type Piece } from '../finders/finder.js';
import type { Filter } from './filters.js';
import type { PackStore } from './packStore.js';

const search = z.object({
  filters: z.array(z.string()),
  from: z.int(),
  to: z.int(),
  foundBy: z.enum(FINDER_KINDS).optional(),
  hits: z.array(
    z.object({
      height: z.int(),
      hash: z.string().optional(),
      transactions: z.array(z.string()).nullable(),
    }),
  ),
});
const note = z.object({ note: z.string(), at: z.number(), value: z.unknown() });

interface Search extends BlockRange {
  readonly hits: readonly Hit[];
  readonly foundBy?: FinderKind | undefined;
}

/** Hits that are kept together at most. */
const HITS_AT_ONCE = 2_000;

/** Which blocks were searched for which filters, and what was found. */
export class Searches {
  /** By filter, ascending. Hits may belong to another filter that was searched with it. */
  private readonly known = new Map<string, Search[]>();
  private readonly notes = new Map<string, { readonly at: number; readonly value: unknown }>();
  private loading: Promise<void> | null = null;
  private growing: { filters: readonly Filter[]; key: string; search: Search } | null = null;

  constructor(private readonly store: PackStore) {}

  load(): Promise<void> {
    this.loading ??= this.read();
    return this.loading;
  }

  /** Up to which block the blocks from `from` on were searched for a filter; before it, if none. */
  coveredTo(filter: Filter, from: number): number {
    let to = from - 1;
    if (this.store.isOff) return to;
    for (const one of this.known.get(filter.key) ?? []) {
      if (one.from > to + 1) break;
      to = Math.max(to, one.to);
    }
    return to;
  }

  /** The first block after `from` that was searched for a filter; infinite if none. */
  nextFrom(filter: Filter, from: number): number {
    if (this.store.isOff) return Number.POSITIVE_INFINITY;
    const later = (this.known.get(filter.key) ?? []).find((one) => one.from > from);
    return later?.from ?? Number.POSITIVE_INFINITY;
  }

  hits(filters: readonly Filter[], { from, to }: BlockRange): Hit[] {
    return filters.flatMap(({ key }) =>
      (this.known.get(key) ?? [])
        .filter((one) => one.to >= from && one.from <= to)
        .flatMap((one) => one.hits.filter(({ height }) => height >= from && height <= to)),
    );
  }

  /** Who searched blocks for these filters; of several, a service before a node. */
  foundBy(filters: readonly Filter[], { from, to }: BlockRange): FinderKind | undefined {
    const kinds = new Set(
      filters.flatMap(({ key }) =>
        (this.known.get(key) ?? [])
          .filter((one) => one.to >= from && one.from <= to)
          .map(({ foundBy }) => foundBy),
      ),
    );
    return FINDER_KINDS.find((kind) => kinds.has(kind));
  }

  /** The end of the search that block `from` belongs to. */
  endOf(filters: readonly Filter[], from: number): number {
    const ends = filters.flatMap(({ key }) =>
      (this.known.get(key) ?? [])
        .filter((one) => one.from <= from && one.to >= from)
        .map(({ to }) => to),
    );
    return ends.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  }

  /** The last block that was searched for all of these, from block `from` on. */
  add(filters: readonly Filter[], from: number, { to, hits, foundBy }: Piece): void {
    const key = setKey(filters);
    const { growing } = this;
    const isNext =
      growing?.key === key && growing.search.to + 1 === from && growing.search.foundBy === foundBy;
    if (isNext && growing.search.hits.length + hits.length <= HITS_AT_ONCE) {
      const { search: before } = growing;
      const grown = { from: before.from, to, hits: [...before.hits, ...hits], foundBy };
      this.replace(filters, before, grown);
      this.growing = { filters, key, search: grown };
    } else {
      this.settle();
      const begun = { from, to, hits, foundBy };
      this.replace(filters, null, begun);
      this.growing = { filters, key, search: begun };
    }
  }

  /** Hands what was gathered to the store. */
  settle(): void {
    if (this.growing === null) return;
    const { filters, key, search: found } = this.growing;
    this.growing = null;
    const [first] = filters;
    const subject = first !== undefined && filters.every((one) => one.subject === first.subject);
    this.store.put('searched', {
      key: `${key} ${found.from} ${found.to}`,
      subject: subject ? first.subject : 'blocks',
      block: found.to,
      value: Buffer.from(JSON.stringify({ filters: filters.map((one) => one.key), ...found })),
    });
  }

  /** What was noted at most so long ago; `undefined` if nothing was. */
  async note(name: string, withinMs: number): Promise<unknown> {
    await this.load();
    const known = this.notes.get(name);
    return known !== undefined && known.at > Date.now() - withinMs ? known.value : undefined;
  }

  keepNote(name: string, value: unknown): void {
    const text = JSON.stringify({ note: name, at: Date.now(), value });
    const entry = { key: name, subject: 'blocks', block: 0, value: Buffer.from(text) };
    this.store.put('searched', entry);
  }

  private async read(): Promise<void> {
    for await (const { value } of this.store.all('searched')) {
      const json: unknown = JSON.parse(value.toString('utf8'));
      const noted = note.safeParse(json);
      if (noted.success) this.notes.set(noted.data.note, noted.data);
      const parsed = search.safeParse(json);
      if (!parsed.success) continue;
      const { filters, from, to, hits, foundBy } = parsed.data;
      const found = {
        from,
        to,
        foundBy,
        hits: hits.map(({ height, hash, transactions }): Hit => {
          return { height, transactions, ...(hash === undefined ? {} : { hash }) };
        }),
      };
      for (const key of filters) this.insert(key, found);
    }
  }

  private replace(filters: readonly Filter[], before: Search | null, after: Search): void {
    for (const { key } of filters) {
      const list = this.known.get(key);
      const index = before === null || list === undefined ? -1 : list.lastIndexOf(before);
      if (list === undefined || index < 0) this.insert(key, after);
      else list[index] = after;
    }
  }

  private insert(key: string, found: Search): void {
    const list = this.known.get(key) ?? [];
    this.known.set(key, list);
    const after = list.findIndex((one) => one.from > found.from);
    if (after < 0) list.push(found);
    else list.splice(after, 0, found);
  }
}

function setKey(filters: readonly Filter[]): string {
  const text = filters
    .map(({ key }) => key)
    .sort()
    .join();
  return createHash('sha256').update(text).digest('base64url').slice(0, 16);
}
