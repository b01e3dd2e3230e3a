import { worthOf } from '../../format/worth.js';
import { ledger } from '../../ledger/client.js';
import {
  type AtInput,
  CurrenciesDocument,
  NativePriceDocument,
} from '../../ledger/generated/documents.js';
import { useAnswer } from '../../ledger/useAnswer.js';
import { Unknown } from '../../parts/card.js';
import { useParameter } from '../../place/parameters.js';
import { texts } from '../../texts/texts.js';
import type { OwedToken } from './owed.js';

/** The one that is shown first where a chain has it. */
const FIRST = 'USD';
const IS_CURRENCY = /^[A-Z]{3,10}$/;

/** The prices of the coins of the chains in the currency that the reader chose; `null`: not known yet. */
export interface Prices {
  readonly currency: string;
  /** A whole coin, by chain; a chain without one has no price at the moment. */
  readonly ofChain: ReadonlyMap<number, string>;
}

/** The currencies that the feeds of the server can price, and the one of the URL. */
export interface Currencies {
  readonly all: readonly string[];
  readonly chosen: string | null;
  readonly choose: (currency: string) => void;
}

export function useCurrencies(): Currencies {
  const [parameter, choose] = useParameter('currency');
  const { data } = useAnswer('currencies', async (signal) => {
    const answer = await ledger.query(CurrenciesDocument, {}, signal);
    const feeds = (answer.data.priceFeeds ?? []).map((feed) => [String(feed.asset), feed.currency]);
    const named = feeds.flat().filter((name) => IS_CURRENCY.test(name));
    return { data: [...new Set(named)].toSorted(), marks: {} };
  });
  const all = data ?? [];
  const first = all.includes(FIRST) ? FIRST : (all[0] ?? null);
  const chosen = parameter !== null && all.includes(parameter) ? parameter : first;
  return { all, chosen, choose };
}

/** Asks for the newest prices of the moment of the page. */
export function usePrices(
  tokens: readonly OwedToken[],
  currency: string | null,
  at: AtInput | undefined,
): Prices | null {
  const ofChains = [...new Map(tokens.map(({ token }) => [token.chainId, token.address]))];
  const key = currency === null ? null : `prices ${currency} ${ofChains} ${JSON.stringify(at)}`;
  const { data } = useAnswer(key, async (signal) => {
    if (currency === null) return { data: null, marks: {} };
    const found = await Promise.all(
      ofChains.map(async ([chainId, token]) => {
        const variables = { filter: { chainId, token }, currency, at };
        const answer = await ledger.query(NativePriceDocument, variables, signal);
        const price = answer.data.receiptTotals?.[0]?.amountWei.value?.price ?? null;
        return price === null ? [] : [[chainId, price] as const];
      }),
    );
    return { data: { currency, ofChain: new Map(found.flat()) }, marks: {} };
  });
  return data;
}

/** An amount of the coin of a chain, in the currency of the reader: with two digits, cut. */
export function Worth({
  amounts,
  prices,
  isOnlyPart,
}: {
  readonly amounts: readonly { readonly chainId: number; readonly wei: bigint }[];
  readonly prices: Prices;
  /** There are amounts in ERC-20s, which this leaves out. */
  readonly isOnlyPart: boolean;
}) {
  const { holder: t } = texts.value;
  const { currency, ofChain } = prices;
  if (amounts.some(({ chainId, wei }) => wei > 0n && !ofChain.has(chainId))) {
    return <Unknown why={t.noPrice(currency)} />;
  }
  const value = amounts.map(({ chainId, wei }) => ({ wei, price: ofChain.get(chainId) ?? '0' }));
  return (
    <>
      ≈ {worthTogether(value)} {currency}
      {isOnlyPart && <span class="note">{t.withoutAssets}</span>}
    </>
  );
}

/** The worth of several amounts of coins together: added up exactly, then cut once. */
function worthTogether(
  amounts: readonly { readonly wei: bigint; readonly price: string }[],
): string {
  const digits = Math.max(0, ...amounts.map(({ price }) => (price.split('.')[1] ?? '').length));
  const sum = amounts.reduce((all, { wei, price }) => {
    const [whole = '0', fraction = ''] = price.split('.');
    return all + wei * BigInt(whole + fraction.padEnd(digits, '0'));
  }, 0n);
  return worthOf(sum, 18 + digits, '1');
}

/** Chooses the currency, where there are several. */
export function CurrencyChoice({ all, chosen, choose }: Currencies) {
  const { holder: t } = texts.value;
  if (all.length < 2 || chosen === null) return null;
  return (
    <>
      <label class="unseen" for="currency">
        {t.currency}
      </label>
      <select
        id="currency"
        class="small"
        value={chosen}
        onChange={(event) => choose(event.currentTarget.value)}
      >
        {all.map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </select>
    </>
  );
}
