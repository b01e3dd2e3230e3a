import { z } from 'zod';
import type { ChainConfig } from '../config/types.js';
import { ImoError } from '../errors.js';
import { canonical, compareTexts, type Json, type JsonObject } from './canonical.js';

/** The lists of a manifest, with the fields that tell entries of one list apart. */
export const MANIFEST_LISTS = {
  tokens: ['address'],
  labels: ['address'],
  sales: ['address'],
  collections: ['address'],
  oracles: ['address'],
  lookThrough: ['address'],
  prices: ['asset', 'currency', 'aggregator'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type ListName = keyof typeof MANIFEST_LISTS;

export const LIST_NAMES = Object.keys(MANIFEST_LISTS) as ListName[];

/**
 * What of the config of a chain decides its books and the names in them. It holds no URL and no key of a
 * provider. Entries are in the order of their keys, and a chain's start block is that of each contract.
 */
export type Manifest = Readonly<Record<ListName, readonly JsonObject[]>> & {
  /** Of the chain, for people. */
  readonly name: string;
};

/** What tells an entry from the others of its list. */
export function keyOf(list: ListName, entry: JsonObject): string {
  return MANIFEST_LISTS[list].map((field) => String(entry[field])).join(' ');
}

export const EMPTY_MANIFEST: Manifest = {
  name: '',
  tokens: [],
  labels: [],
  sales: [],
  collections: [],
  oracles: [],
  lookThrough: [],
  prices: [],
};

/** The manifest of a chain's config, the same whatever the order of its lists. */
export function manifestOf(chain: ChainConfig): Manifest {
  const started = <Entry extends { readonly startBlock: number | null }>(entry: Entry) => ({
    ...entry,
    startBlock: entry.startBlock ?? chain.startBlock,
  });
  return {
    name: chain.name,
    tokens: orderedEntries('tokens', chain.tokens.map(started).map(withSortedAssets)),
    labels: orderedEntries('labels', chain.labels),
    sales: orderedEntries('sales', chain.sales.map(started).map(withSortedEvents)),
    collections: orderedEntries('collections', chain.collections.map(started)),
    oracles: orderedEntries('oracles', chain.oracles.map(started)),
    lookThrough: orderedEntries('lookThrough', (chain.lookThrough ?? []).map(started)),
    prices: orderedEntries('prices', chain.prices ?? []),
  };
}

/** Sorts entries as manifests have them. */
export function orderedEntries(list: ListName, entries: readonly object[]): JsonObject[] {
  return entries
    .map((entry) => canonical(entry) as JsonObject)
    .toSorted((left, right) => compareTexts(keyOf(list, left), keyOf(list, right)));
}

function withSortedAssets<Token extends { readonly assets: readonly string[] }>(token: Token) {
  return { ...token, assets: token.assets.toSorted(compareTexts) };
}

/** Events may come in any order; the entries that one log makes keep theirs. */
function withSortedEvents<Sale extends ChainConfig['sales'][number]>(sale: Sale) {
  if (sale.custom === null) return sale;
  const events = sale.custom.events.toSorted((a, b) => compareTexts(a.fragment, b.fragment));
  return { ...sale, custom: { events } };
}

const json: z.ZodType<Json> = z.lazy(() =>
  z.union([
    z.null(),
    z.boolean(),
    z.number(),
    z.string(),
    z.array(json),
    z.record(z.string(), json),
  ]),
);
const list = z.array(z.record(z.string(), json)).default([]);
const stored = z.strictObject({
  name: z.string(),
  ...(Object.fromEntries(LIST_NAMES.map((name) => [name, list])) as Record<ListName, typeof list>),
});

/**
 * A manifest as the database returns it. A list that its program did not know is empty.
 *
 * @throws ImoError `MANIFEST_UNKNOWN` for one of a newer program
 */
export function manifestFromStore(contents: unknown): Manifest {
  const parsed = stored.safeParse(contents);
  if (parsed.success) {
    const lists = LIST_NAMES.map(
      (name) => [name, orderedEntries(name, parsed.data[name])] as const,
    );
    return {
      name: parsed.data.name,
      ...(Object.fromEntries(lists) as Record<ListName, JsonObject[]>),
    };
  }
  const issue = parsed.error.issues[0];
  throw new ImoError(
    'MANIFEST_UNKNOWN',
    `the stored manifest cannot be read: ${issue?.path.join('.')}: ${issue?.message}`,
    'A newer version of imo-ledger wrote this database. Use that version.',
  );
}
