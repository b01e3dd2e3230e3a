/** What a provider counts for a call, and what it takes for it. */
export interface ProviderPrice {
  readonly provider: string;
  /** What it counts in. */
  readonly unit: string;
  readonly unitsByMethod: Readonly<Record<string, number>>;
  /** For methods that are not listed. */
  readonly unitsByDefault: number;
  /** US dollars for a million units; `null`: sold in plans only. */
  readonly usdPerMillion: number | null;
  /** Units a day in the plan that is named; `null`: not limited by day. */
  readonly unitsPerDay: number | null;
  readonly plan: string;
  /** What no page of the provider that could be read says. */
  readonly unverified: readonly string[];
  /** When the source was read. */
  readonly readOn: string;
  readonly source: string;
}

const READ_ON = '2026-11-29';

/** Prices as providers publish them. They change: compare them with the sources. */
export const PRICE_LIST: readonly ProviderPrice[] = [
  {
    provider: 'Alchemy',
    unit: 'compute units',
    unitsByMethod: {
      eth_chainId: 0,
      eth_blockNumber: 10,
      eth_getLogs: 60,
      eth_call: 26,
      eth_simulateV1: 40,
      trace_filter: 40,
      trace_transaction: 40,
      debug_traceTransaction: 40,
      debug_traceBlockByHash: 40,
    },
    unitsByDefault: 20,
    usdPerMillion: 0.45,
    unitsPerDay: null,
    plan: 'pay as you go, which traces need',
    unverified: ['the price of a million units', 'the units of trace_transaction'],
    readOn: READ_ON,
    source: 'https://www.alchemy.com/docs/reference/compute-unit-costs',
  },
  {
    provider: 'Infura',
    unit: 'credits',
    unitsByMethod: { eth_getLogs: 255 },
    unitsByDefault: 80,
    usdPerMillion: null,
    unitsPerDay: 15_000_000,
    plan: 'Developer; the free plan has 3,000,000 a day and no traces',
    unverified: ['the credits of eth_getLogs, and of methods that count as the default here'],
    readOn: READ_ON,
    source: 'https://docs.metamask.io/services/get-started/pricing/credit-cost/',
  },
  {
    provider: 'QuickNode',
    unit: 'calls',
    unitsByMethod: {},
    unitsByDefault: 1,
    usdPerMillion: null,
    unitsPerDay: null,
    plan: 'paid, for full limits of traces',
    unverified: ['the credits of each method, and every price'],
    readOn: READ_ON,
    source: 'https://www.quicknode.com/docs',
  },
  {
    provider: 'Chainstack',
    unit: 'request units',
    unitsByMethod: {
      eth_chainId: 1,
      eth_blockNumber: 1,
      eth_getLogs: 1,
      eth_getBlockByNumber: 1,
      eth_getBlockReceipts: 1,
    },
    unitsByDefault: 2,
    usdPerMillion: null,
    unitsPerDay: null,
    plan: 'states of old blocks and traces count twice',
    unverified: ['the price of a million units'],
    readOn: READ_ON,
    source: 'https://docs.chainstack.com/docs/request-units',
  },
];

/** Units that calls take. */
export function unitsOf(calls: ReadonlyMap<string, number>, price: ProviderPrice): number {
  return [...calls].reduce(
    (sum, [method, count]) => sum + count * (price.unitsByMethod[method] ?? price.unitsByDefault),
    0,
  );
}
