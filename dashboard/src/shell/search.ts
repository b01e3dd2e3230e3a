import type { ImoLedgerFailure } from '@imo-ledger/client';
import { useEffect, useState } from 'preact/hooks';
import { isAddress } from '../format/addresses.js';
import { ledger } from '../ledger/client.js';
import { SearchDocument, type SearchQuery } from '../ledger/generated/documents.js';
import { failureOf } from '../ledger/useAnswer.js';
import { links } from '../place/links.js';

export type Hit = NonNullable<SearchQuery['search']>['hits'][number];

/** What a text leads to, as far as it is known. */
export interface Found {
  readonly text: string;
  readonly hits: readonly Hit[];
  readonly hasMore: boolean;
  /** Transactions cannot be found yet. */
  readonly isIncomplete: boolean;
  readonly failure: ImoLedgerFailure | null;
}

/** The reader types on for this long. */
const PAUSE_MS = 150;
const SHORTEST = 2;

/** The addresses that a text consists of; `null`: it is something else. */
export function addressesOf(text: string): string[] | null {
  const parts = text.split(/[\s,;]+/).filter((part) => part !== '');
  return parts.length > 0 && parts.every(isAddress) ? parts : null;
}

/** Asks what a text may be. */
export async function search(text: string, signal?: AbortSignal): Promise<Found> {
  const nothing = { text, hits: [], hasMore: false, isIncomplete: false, failure: null };
  try {
    const { data } = await ledger.query(SearchDocument, { text }, signal);
    if (data.search == null) return nothing;
    const { hits, hasMore, isComplete } = data.search;
    return { ...nothing, hits, hasMore, isIncomplete: !isComplete };
  } catch (error) {
    return { ...nothing, failure: failureOf(error) };
  }
}

/** What the text that the reader types may be; `null` until it is known. Several addresses are not searched. */
export function useSearch(typed: string): Found | null {
  const text = typed.trim();
  const [found, setFound] = useState<Found | null>(null);
  const isAsked = text.length >= SHORTEST && (addressesOf(text)?.length ?? 1) === 1;
  useEffect(() => {
    if (!isAsked) return;
    const ending = new AbortController();
    const timer = setTimeout(async () => {
      const answer = await search(text, ending.signal);
      if (!ending.signal.aborted) setFound(answer);
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      ending.abort();
    };
  }, [text, isAsked]);
  return isAsked && found?.text === text ? found : null;
}

/** The place of the page that shows a hit. */
export function placeOf({ kind, chainId, address, transactionHash }: Hit): string {
  if (transactionHash != null) return links.transaction(transactionHash);
  if (address == null) return links.start();
  switch (kind) {
    case 'TOKEN':
      return links.offering(chainId, address);
    case 'SALE':
      return links.sale(chainId, address);
    case 'COLLECTION':
      return links.collection(chainId, address);
    case 'ORACLE':
      return links.models(address);
    default:
      return links.holder([address]);
  }
}
