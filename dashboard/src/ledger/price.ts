import { ledger } from './client.js';
import type { AtInput } from './generated/documents.js';
import { CurrenciesDocument, NativePriceDocument } from './generated/documents.js';
import { SELDOM_MS, useAnswer } from './useAnswer.js';

/** The currency that amounts are also shown in where a chain has it; else the first that it has. */
const FIRST = 'USD';

let feeds: Promise<ReadonlyMap<number, string>> | null = null;

/** The currency of each chain, by the feeds that the config names: they stay while the server runs. */
function currencies(): Promise<ReadonlyMap<number, string>> {
  feeds ??= ledger.query(CurrenciesDocument, {}).then(({ data }) => {
    const found = new Map<number, string>();
    for (const { chainId, asset, currency } of data.priceFeeds ?? []) {
      if (asset !== 'native') continue;
      if (!found.has(chainId) || currency === FIRST) found.set(chainId, currency);
    }
    return found;
  });
  feeds.catch(() => {
    feeds = null;
  });
  return feeds;
}

/** The currency that amounts of a chain are also shown in; `null`: none, or not known yet. */
export async function currencyOf(chainId: number): Promise<string | null> {
  return (await currencies()).get(chainId) ?? null;
}

/** A price of one whole coin of a chain. */
export interface Price {
  readonly currency: string;
  readonly price: string;
}

/**
 * The price of the coin of a chain at a moment; `null`: amounts are shown alone.
 *
 * @param token one of the tokens of the chain: the API prices what it received
 */
export function useNativePrice(
  chainId: number,
  token: string,
  at: AtInput | undefined,
): Price | null {
  const known = useAnswer(
    `price ${chainId} ${token} ${JSON.stringify(at)}`,
    async (signal) => ({
      data: { price: await priceAt(chainId, token, at, signal) },
      marks: {},
    }),
    SELDOM_MS,
  );
  return known.data?.price ?? null;
}

async function priceAt(
  chainId: number,
  token: string,
  at: AtInput | undefined,
  signal: AbortSignal,
): Promise<Price | null> {
  const currency = await currencyOf(chainId);
  if (currency === null) return null;
  const filter = { chainId, token };
  const { data } = await ledger.query(NativePriceDocument, { filter, currency, at }, signal);
  const price = data.receiptTotals?.[0]?.amountWei.value?.price ?? null;
  return price === null ? null : { currency, price };
}
