import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { useParameter } from '../place/parameters.js';
import { ledger } from './client.js';
import { CurrenciesDocument } from './generated/documents.js';

/** The one that is shown first where a feed has it. */
const FIRST = 'USD';
const IS_CURRENCY = /^[A-Z]{3,10}$/;

/** Those that the feeds of the config can price: they stay while the server runs. `null`: not known yet. */
const known = signal<readonly string[] | null>(null);
let isAsked = false;

/** The currencies that the server can price, and the one of the URL. */
export interface Currencies {
  /** `null`: not known yet. */
  readonly all: readonly string[] | null;
  /** `null`: none. */
  readonly chosen: string | null;
  readonly choose: (currency: string) => void;
}

export function useCurrencies(): Currencies {
  const [parameter, choose] = useParameter('currency');
  useEffect(ask, []);
  const all = known.value ?? [];
  const first = all.includes(FIRST) ? FIRST : (all[0] ?? null);
  const chosen = parameter !== null && all.includes(parameter) ? parameter : first;
  return { all: known.value, chosen, choose };
}

/** What a query with values takes: without a feed, none are asked for. */
export function valuedIn({ chosen }: Currencies): {
  readonly currency: string;
  readonly isPriced: boolean;
} {
  return { currency: chosen ?? FIRST, isPriced: chosen !== null };
}

function ask(): void {
  if (isAsked) return;
  isAsked = true;
  ledger.query(CurrenciesDocument, {}).then(
    ({ data }) => {
      const feeds = (data.priceFeeds ?? []).flatMap((feed) => [String(feed.asset), feed.currency]);
      known.value = [...new Set(feeds.filter((name) => IS_CURRENCY.test(name)))].toSorted();
    },
    () => {
      // Amounts are shown alone, and the next view asks again.
      isAsked = false;
      known.value ??= [];
    },
  );
}
