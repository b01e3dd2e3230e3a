import { chains } from '../ledger/heads.js';
import { BASE } from './base.js';
import { momentParameter } from './moment.js';
import { withParameter } from './parameters.js';

/** What a link keeps: the moment of the page. */
function at(path: string, query: Readonly<Record<string, string>> = {}): string {
  return withParameter(`${BASE}${path}`, query, 'at', momentParameter.value);
}

export const links = {
  start: () => at('/'),
  offering: (chainId: number, token: string) => at(`/offerings/${chainId}/${token}`),
  /** Several addresses are one person. */
  holder: (addresses: readonly string[]) => at(`/holders/${addresses.join(',')}`),
  /** What a transaction did to the contracts that are indexed. */
  transaction: (hash: string) => at(`/transactions/${hash}`),
  sales: () => at('/sales'),
  sale: (chainId: number, sale: string) => at(`/sales/${chainId}/${sale}`),
  model: (chainId: number, oracle: string, model: bigint) =>
    at(`/models/${chainId}/${oracle}/${model}`),
  collection: (chainId: number, collection: string) => at(`/collections/${chainId}/${collection}`),
  /** All models, or those of one oracle. */
  models: (oracle: string | null = null) => at('/models', oracle === null ? {} : { oracle }),
  collections: () => at('/collections'),
  books: () => at('/books'),
  status: () => at('/status'),
  graphiql: () => `${BASE}/graphiql`,
  /** A statement of a person, of one year or of all time. */
  statement: (
    addresses: readonly string[],
    format: 'pdf' | 'csv',
    year: number | null,
    currency: string | null,
  ) => {
    const query = new URLSearchParams(addresses.map((address) => ['holder', address]));
    query.set('format', format);
    addYear(query, year);
    if (currency !== null) query.set('currency', currency);
    return `${BASE}/v1/statement?${query}`;
  },
  /** What a tax program takes, of one holder. */
  taxFile: (program: string, holder: string, year: number | null) => {
    const query = new URLSearchParams({ format: 'csv', holder });
    addYear(query, year);
    return `${BASE}/v1/export/${program}?${query}`;
  },
  /** A calendar to subscribe to: deadlines of claims and next snapshots. */
  calendar: (addresses: readonly string[]) =>
    `${BASE}/v1/calendar.ics?${new URLSearchParams(addresses.map((address) => ['holder', address]))}`,
  /** A file of one holder, as of the moment of the page. */
  file: (dataset: string, holder: string) => {
    const moment = momentParameter.value;
    const at = moment === null ? '' : `&at=${encodeURIComponent(moment)}`;
    return `${BASE}/v1/export/${dataset}?format=csv&holder=${holder}${at}`;
  },
};

function addYear(query: URLSearchParams, year: number | null): void {
  if (year === null) return;
  query.set('from', `${year}-01-01`);
  // What is not indexed yet cannot be stated: a year that is not over goes up to the newest block.
  if (chains.value?.every((chain) => isPast(chain.indexed?.timestamp, year)) === true) {
    query.set('to', `${year}-12-31`);
  }
}

function isPast(indexed: string | null | undefined, year: number): boolean {
  return indexed != null && new Date(indexed).getUTCFullYear() > year;
}
