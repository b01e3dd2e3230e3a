import { type Address, addressBytes, addressFault } from '../address.js';
import { ImoError } from '../errors.js';
import type { AsOf } from '../store/read/chains/asOf.js';
import type { Hex } from '../store/read/query/decode.js';
import type { Queryable } from '../store/read/query/queryable.js';
import { findAccounts } from '../store/read/search/foundAccounts.js';
import { areTransactionsIndexed, findTransaction } from '../store/read/search/foundTransactions.js';
import { type NamedThing, readNamedThings } from '../store/read/search/namedThings.js';
import { shownSymbol } from './moneySymbols.js';
import type { RequestBooks } from './requestBooks.js';
import { matchOf, wordsOf } from './searchWords.js';

export type SearchKind = NamedThing['kind'] | 'account' | 'transaction';

/** Something that was found. */
export interface SearchHit {
  readonly kind: SearchKind;
  readonly chainId: number;
  readonly address: Address | null;
  readonly transactionHash: Hex | null;
  /** Of a transaction. */
  readonly block: number | null;
  readonly name: string | null;
  /** `null` also where it may be mistaken for money. */
  readonly symbol: string | null;
  readonly symbolOnChain: string | null;
  readonly label: string | null;
  /** The queries of the API that show it. */
  readonly lists: readonly string[];
}

/** What a text may be: it says what was searched. */
export type SearchedAs = 'address' | 'address-prefix' | 'transaction' | 'names';

export interface SearchAnswer {
  readonly hits: readonly SearchHit[];
  /** There are more than were wanted. */
  readonly hasMore: boolean;
  readonly searchedAs: SearchedAs;
  /** `false`: transactions cannot be found yet, because their indexes are still to be created. */
  readonly isComplete: boolean;
  /** The blocks that the answer holds for. */
  readonly asOf: readonly AsOf[];
}

export interface SearchRequest {
  readonly text: string;
  readonly first: number;
}

/** Hits of one search at most. */
export const HITS_AT_MOST = 100;
const TEXT_AT_MOST = 200;
const PREFIX_DIGITS = 6;
const ADDRESS_DIGITS = 40;

/** Which queries of the API show something of a kind. */
const LISTS: Readonly<Record<NamedThing['kind'], readonly string[]>> = {
  token: ['token'],
  oracle: ['oracles'],
  collection: ['collections'],
  sale: ['sales'],
  pool: ['depositPools'],
  asset: ['revenueAssets'],
  label: [],
};

/**
 * Searches addresses (whole, or the first six digits or more), transaction hashes, names, symbols and labels. Names
 * match without case, as a whole or word by word, from the start of a word on.
 *
 * @throws ImoError `BAD_SEARCH`; `BAD_ADDRESS` for a checksum that does not fit
 */
export async function search(
  db: Queryable,
  books: RequestBooks,
  { text, first }: SearchRequest,
): Promise<SearchAnswer> {
  const wanted = text.trim();
  const searchedAs = searchedAsOf(wanted);
  if (!Number.isInteger(first) || first < 1 || first > HITS_AT_MOST) {
    throw new ImoError(
      'BAD_SEARCH',
      `a search shows 1 to ${HITS_AT_MOST} hits, not ${first}`,
      'Ask for fewer.',
    );
  }
  await books.assertIndexed();
  const asOf = [...(await books.asOfChains(null, null)).values()];
  const answer = { searchedAs, asOf };
  if (searchedAs === 'transaction') {
    const isComplete = await areTransactionsIndexed(db);
    const hits = isComplete ? await transactionHits(db, wanted.toLowerCase() as Hex) : [];
    return { ...answer, hits, hasMore: false, isComplete };
  }
  const things = merged(await readNamedThings(db));
  const hits = [
    ...(searchedAs === 'names' ? [] : await addressHits(db, things, wanted.toLowerCase(), first)),
    ...(searchedAs === 'address' ? [] : namedHits(things, wanted)),
  ];
  const distinct = [...new Map(hits.map((hit) => [`${hit.chainId} ${hit.address}`, hit])).values()];
  const hasMore = distinct.length > first;
  return { ...answer, hits: distinct.slice(0, first), hasMore, isComplete: true };
}

/** @throws ImoError `BAD_SEARCH` or `BAD_ADDRESS` */
function searchedAsOf(text: string): SearchedAs {
  if (text === '' || text.length > TEXT_AT_MOST || text.includes('\0')) {
    throw new ImoError(
      'BAD_SEARCH',

      `a text of ${text.length} characters cannot be searched`,
      `Give a name, a symbol, an address or a transaction hash, of up to ${TEXT_AT_MOST} characters.`,
    );
  }
  const digits = /^0x([0-9a-f]*)$/i.exec(text)?.[1];
  if (digits === undefined) return 'names';
  if (digits.length === 64) return 'transaction';
  if (digits.length === ADDRESS_DIGITS) {
    if (addressFault(text) === null) return 'address';
    throw new ImoError(
      'BAD_ADDRESS',
      `the checksum of "${text}" is wrong: a digit or the case of a letter was changed`,
      'Copy the address again, or, if you are sure of it, write it in lower case.',
    );
  }
  if (digits.length >= PREFIX_DIGITS && digits.length < ADDRESS_DIGITS) return 'address-prefix';
  throw new ImoError(
    'BAD_SEARCH',

    `"${text}" has ${digits.length} hex digits`,
    `An address has ${ADDRESS_DIGITS}, of which the first ${PREFIX_DIGITS} are enough; a transaction hash has 64.`,
  );
}

/** One thing for each address of a chain, with all names that it has. */
function merged(things: readonly NamedThing[]): NamedThing[] {
  const found = new Map<string, NamedThing>();
  for (const thing of things) {
    const key = `${thing.chainId} ${thing.address}`;
    const known = found.get(key);
    if (known === undefined) found.set(key, thing);
    else {
      const { name, symbol, label } = thing;
      const isLabel = thing.kind === 'label';
      found.set(key, {
        ...known,
        name: known.name ?? name,
        symbol: known.symbol ?? symbol,
        label: isLabel ? label : (known.label ?? label),
      });
    }
  }
  return [...found.values()];
}

function hitOf(thing: NamedThing, lists: readonly string[] = []): SearchHit {
  const { kind, chainId, address, name, symbol, label } = thing;
  return {
    kind,
    chainId,
    address,
    name,
    symbol: shownSymbol(thing),
    symbolOnChain: symbol,
    label,
    transactionHash: null,
    block: null,
    lists: [...new Set([...LISTS[kind], ...lists])],
  };
}

function namedHits(things: readonly NamedThing[], text: string): SearchHit[] {
  const wanted = wordsOf(text);
  const matches = things.flatMap((thing, place) => {
    const { name, symbol, label } = thing;
    const ranks = [label, symbol, name].flatMap((one) => matchOf(one, wanted) ?? []);
    return ranks.length === 0 ? [] : [{ thing, rank: Math.min(...ranks), place }];
  });
  const inOrder = matches.toSorted((a, b) => a.rank - b.rank || a.place - b.place);
  return inOrder.map(({ thing }) => hitOf(thing));
}

async function addressHits(
  db: Queryable,
  things: readonly NamedThing[],
  prefix: string,
  first: number,
): Promise<SearchHit[]> {
  const end = (digit: string) => prefix.padEnd(ADDRESS_DIGITS + 2, digit) as Address;
  // One more shows that there are more.
  const accounts = await findAccounts(
    db,
    addressBytes(end('0')),
    addressBytes(end('f')),
    first + 1,
  );
  const listsOf = new Map(
    accounts.map(({ chainId, address, lists }) => [`${chainId} ${address}`, lists]),
  );
  const named = things.filter(({ address }) => address.startsWith(prefix));
  const known = new Set(named.map(({ chainId, address }) => `${chainId} ${address}`));
  const others = accounts.filter(({ chainId, address }) => !known.has(`${chainId} ${address}`));
  return [
    ...named.map((thing) => hitOf(thing, listsOf.get(`${thing.chainId} ${thing.address}`))),
    ...others.map(accountHit),
  ];
}

const NAMELESS = { name: null, symbol: null, symbolOnChain: null, label: null } as const;

function accountHit(found: Pick<SearchHit, 'chainId' | 'address' | 'lists'>): SearchHit {
  return { kind: 'account', transactionHash: null, block: null, ...NAMELESS, ...found };
}

async function transactionHits(db: Queryable, transactionHash: Hex): Promise<SearchHit[]> {
  const found = await findTransaction(db, transactionHash);
  return found.map((one) => {
    return { kind: 'transaction', address: null, transactionHash, ...NAMELESS, ...one };
  });
}
