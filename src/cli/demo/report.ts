import { formatEther } from 'ethers';
import { formatCount } from '../rate.js';
import { type Column, formatTable } from '../table.js';
import { askApi, type DemoAnswer } from './query.js';
import type { Steps } from './steps.js';

const HOLDERS_SHOWN = 12;
const ETHER_DECIMALS = 18;

type Token = DemoAnswer['nodes'][number];

interface HolderRow {
  readonly address: string;
  /** Claimable now, by token, in wei. */
  readonly claimableWei: readonly bigint[];
  readonly totalWei: bigint;
}

/** Shows the tokens, the holders with the most to claim, and how to ask for more. */
export async function printReport(url: string, steps: Steps): Promise<void> {
  const answer = await steps.run('first answer of the API', () => askApi(url));
  const holders = holdersByClaimable(answer.nodes);
  const block = formatCount(answer.asOf[0]?.block ?? 0);
  const shown = holders.slice(0, HOLDERS_SHOWN);
  const text = [
    `\nRevenue tokens, at block ${block}, in ETH\n`,
    formatTable(TOKEN_COLUMNS, answer.nodes),
    `\nWhat holders can claim now, in ETH: the first ${shown.length} of ${holders.length}\n`,
    formatTable(holderColumns(answer.nodes), shown),
    `\nReady after ${steps.elapsed()}. GraphQL API, and GraphiQL in a browser: ${url}\n`,
    invitation(url, shown[0]?.address ?? ''),
  ];
  process.stdout.write(text.join(''));
}

const TOKEN_COLUMNS: readonly Column<Token>[] = [
  { title: 'TOKEN', cell: ({ symbol }) => symbol },
  { title: 'NAME', cell: ({ name }) => name },
  { title: 'POLICY', cell: ({ policy }) => `${policy.name} ${policy.percentClaimable} %` },
  { title: 'HOLDERS', align: 'right', cell: ({ holders }) => formatCount(holders.totalCount) },
  {
    title: 'SNAPSHOTS',
    align: 'right',
    cell: ({ lastSnapshot }) => formatCount(lastSnapshot?.snapshotId ?? 0),
  },
  { title: 'RECEIVED', align: 'right', cell: ({ receivedWei }) => ether(receivedWei) },
  { title: 'CLAIMED', align: 'right', cell: ({ claimedWei }) => ether(claimedWei) },
  { title: 'CLAIMABLE', align: 'right', cell: ({ pools }) => ether(pools.claimableWei) },
];

function holderColumns(tokens: readonly Token[]): Column<HolderRow>[] {
  return [
    { title: 'HOLDER', cell: ({ address }) => address },
    ...tokens.map(
      ({ symbol }, index): Column<HolderRow> => ({
        title: symbol,
        align: 'right',
        cell: ({ claimableWei }) => ether(claimableWei[index] ?? 0n),
      }),
    ),
    { title: 'TOGETHER', align: 'right', cell: ({ totalWei }) => ether(totalWei) },
  ];
}

/** Every holder of any token, the one with the most to claim first. */
function holdersByClaimable(tokens: readonly Token[]): HolderRow[] {
  const byToken = tokens.map(
    ({ holders }) =>
      new Map(holders.nodes.map((node) => [node.address, node.entitlement.totalClaimableWei])),
  );
  const addresses = new Set(byToken.flatMap((claimable) => [...claimable.keys()]));
  return [...addresses]
    .map((address) => {
      const claimableWei = byToken.map((claimable) => claimable.get(address) ?? 0n);
      return {
        address,
        claimableWei,
        totalWei: claimableWei.reduce((sum, part) => sum + part, 0n),
      };
    })
    .sort((a, b) => (b.totalWei > a.totalWei ? 1 : b.totalWei < a.totalWei ? -1 : 0));
}

/** Exact, all 18 decimals, so that the points stand below each other. */
function ether(amountWei: bigint): string {
  const [whole = '', fraction = ''] = formatEther(amountWei).split('.');
  return `${whole}.${fraction.padEnd(ETHER_DECIMALS, '0')}`;
}

function invitation(url: string, address: string): string {
  const query = `{ holder(address: "${address}") { positions { token { symbol } balance entitlement { totalClaimableWei accruingWei redeemableWei snapshots { snapshotId state claimableWei } } } } }`;
  const body = JSON.stringify({ query });
  return `
Paste this query there:

  ${query}

or ask from a shell:

  curl -s ${url} -H 'content-type: application/json' -d '${body}'

`;
}
