/**
 * The revenue of an Initial Model Offering in the form of a dimension adapter of DefiLlama (version 2): `fetch` answers for any
 * time from `startTimestamp` to `endTimestamp`. To list an offering, copy the file into the folder `fees`, and name its chain by `CHAIN`.
 */

const API = process.env.IMO_LEDGER_API ?? 'http://127.0.0.1:4350/graphql';
const TOKEN = process.env.IMO_LEDGER_TOKEN ?? '0xe5018913F2fdf33971864804dDB5fcA25C539032';
const START = '2024-06-01';

/** Money of a sale is the price of tokens, not revenue. */
const QUERY = `query Revenue($chain: SafeInt!, $token: Address!, $from: DateTime!, $to: DateTime!) {
  status { chainId indexed { timestamp } }
  receiptTotals(
    filter: { chainId: $chain, token: $token, timestamp: { gte: $from } }
    where: { timestamp: { _lt: $to }, source: { _neq: SALE } }
  ) { amountWei { sum } }
}`;

/** @throws Error if the time is not indexed to its end: half a day would be a wrong day */
async function fetchRevenue({ startTimestamp, endTimestamp, createBalances, chainId = 1 }) {
  const from = new Date(startTimestamp * 1000).toISOString();
  const to = new Date(endTimestamp * 1000).toISOString();
  const variables = { chain: chainId, token: TOKEN, from, to };
  const response = await fetch(API, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: QUERY, variables }),
  });
  const { data, errors } = await response.json();
  if (errors !== undefined) throw new Error(errors[0].message);
  const chain = data.status.find((status) => status.chainId === chainId);
  const indexedTo = Date.parse(chain?.indexed?.timestamp ?? '');
  if (!(indexedTo >= endTimestamp * 1000)) throw new Error(`not indexed to ${to} yet`);

  const dailyFees = createBalances();
  for (const { amountWei } of data.receiptTotals) dailyFees.addGasToken(amountWei.sum);
  // All of it belongs to the holders: by snapshots, and by the pool that burning redeems.
  return { dailyFees, dailyRevenue: dailyFees, dailyHoldersRevenue: dailyFees };
}

export default {
  version: 2,
  adapter: { ethereum: { fetch: fetchRevenue, start: START } },
  methodology: {
    Fees: 'ETH that reached the revenue-sharing token: fees of AI oracles, mints and royalties of AI-generated NFTs, and other payments.',
    Revenue: 'All fees: the token contract shares what it receives.',
    HoldersRevenue: 'All fees: holders claim them by snapshot or redeem them by burning.',
  },
};
