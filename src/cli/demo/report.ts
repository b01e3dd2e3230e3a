import type { ChainConfig } from '../../config/types.js';
import { formatCount } from '../output/rate.js';
import type { DemoChain } from './chain.js';
import { modelsTable, salesTable } from './marketTables.js';
import { demoNames } from './names.js';
import { askApi } from './query.js';
import { revenueTable } from './revenueTable.js';
import type { Steps } from './steps.js';
import { holdersByClaimable, holdersTable, tokensTable } from './tokenTables.js';

const HOLDERS_SHOWN = 12;

/** What the report is about. */
export interface ReportSubject {
  readonly url: string;
  /** Of the web page. */
  readonly pageUrl: string;
  /** Of the pages for operators; `null`: there are none. */
  readonly operatorsUrl: string | null;
  readonly config: ChainConfig;
  readonly chain: DemoChain;
}

/**
 * Shows the tokens, the sales and the models, the holders with the most to claim, where all
 * revenue came from, and how to ask for more.
 */
export async function printReport(subject: ReportSubject, steps: Steps): Promise<void> {
  const report = await steps.run('first answer of the API', () => writeReport(subject));
  const ready =
    `\nReady after ${steps.elapsed()}. Open the page of the holder with the most to claim:\n\n` +
    `  ${subject.pageUrl}holders/${report.address}\n\n` +
    `GraphQL API, and GraphiQL in a browser: ${subject.url}\n`;
  const { operatorsUrl } = subject;
  const pages = operatorsUrl === null ? '' : `For operators: ${operatorsUrl}/metrics and /ready\n`;
  const invited = invitation(subject.url, report.address);
  process.stdout.write([report.tables, ready, pages, invited].join(''));
}

/** The tables as text, and the holder with the most to claim. All figures come from the API. */
export async function writeReport({
  url,
  config,
  chain,
}: Omit<ReportSubject, 'operatorsUrl' | 'pageUrl'>): Promise<{
  readonly tables: string;
  readonly address: string;
}> {
  const answer = await askApi(url, config);
  const { block, tokens } = answer;
  const names = demoNames(answer, config, chain);
  const holders = holdersByClaimable(answer);
  const shown = holders.slice(0, HOLDERS_SHOWN);
  const tables = [
    `\nRevenue tokens, at block ${formatCount(block)}, in ETH\n`,
    tokensTable(tokens),
    '\nSales\n',
    salesTable(answer, names),
    '\nModels at the AI oracle, in ETH\n',
    modelsTable(answer, names),
    `\nWhat holders can claim now, in ETH: the first ${shown.length} of ${holders.length}, sales left out\n`,
    holdersTable(tokens, shown),
    '\nRevenue by source, in ETH\n',
    revenueTable(tokens, names),
  ];
  return { tables: tables.join(''), address: shown[0]?.address ?? '' };
}

function invitation(url: string, address: string): string {
  const query = `{ holder(address: "${address}") { positions { token { symbol } balance entitlement { totalClaimableWei accruingWei redeemableWei snapshots { snapshotId state claimableWei } } } } }`;
  const body = JSON.stringify({ query });
  return `
Paste this query into GraphiQL:

  ${query}

or ask from a shell:

  curl -s ${url} -H 'content-type: application/json' -d '${body}'

`;
}
