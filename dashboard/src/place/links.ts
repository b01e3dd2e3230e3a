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
  status: () => at('/status'),
  graphiql: () => `${BASE}/graphiql`,
  /** A file of one holder, as of the moment of the page. */
  file: (dataset: string, holder: string) => {
    const moment = momentParameter.value;
    const at = moment === null ? '' : `&at=${encodeURIComponent(moment)}`;
    return `${BASE}/v1/export/${dataset}?format=csv&holder=${holder}${at}`;
  },
};
