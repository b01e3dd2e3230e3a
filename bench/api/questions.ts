import { createHash } from 'node:crypto';
import { getAddress } from 'ethers';
import { CHAIN_ID, HEAD_TIME, PART_OF_ALL_TOKENS, TOKENS } from './datasetSql.js';

export const QUESTION_NAMES = ['holder', 'page', 'claimable', 'receipts'] as const;
export type QuestionName = (typeof QUESTION_NAMES)[number];

/** A question of the benchmark, as both contenders are asked it. */
export interface Question {
  readonly name: QuestionName;
  readonly title: string;
  /** Part of the limit's speed that ours must reach; `null`: none is set. */
  readonly ratioAtLeast: number | null;
  /** Most that 99 of 100 answers may take. */
  readonly p99AtMostMs: number | null;
  readonly query: string;
  /** The variables of some thousand different requests. */
  readonly variables: readonly Record<string, unknown>[];
}

const REQUESTS = 2_000;
const TOKEN = getAddress(TOKENS[0].address);
const ONE_DAY_MS = 86_400_000;

const HOLDER = `query Holder($address: Address!) {
  holder(address: $address) {
    address
    positions {
      token { symbol }
      balance
      entitlement {
        totalClaimableWei claimedWei redeemedWei expiredWei redeemableWei accruingWei
        snapshots { snapshotId state claimableWei }
      }
    }
  }
}`;

const PAGE = `query Holders($first: Int!, $after: String) {
  holders(chainId: ${CHAIN_ID}, token: "${TOKEN}", orderBy: BALANCE, first: $first, after: $after) {
    nodes { address balance }
    pageInfo { hasNextPage endCursor }
  }
}`;

const CLAIMABLE = `query Claimable($first: Int!) {
  holders(chainId: ${CHAIN_ID}, token: "${TOKEN}", orderBy: CLAIMABLE, first: $first) {
    nodes { address balance entitlement { totalClaimableWei } }
  }
}`;

const RECEIPTS = `query Day($from: DateTime!, $to: DateTime!) {
  receipts(
    filter: { chainId: ${CHAIN_ID}, token: "${TOKEN}", timestamp: { gte: $from, lte: $to } }
    direction: ASC
    first: 1000
  ) {
    nodes { id block timestamp transactionHash payer amountWei kind source }
  }
}`;

/** A list that is computed for all holders: refused before it is read where there are too many. */
export interface RefusedQuestion {
  readonly title: string;
  readonly query: string;
}

const OF_TOKEN = `chainId: ${CHAIN_ID}, token: "${TOKEN}", first: 1`;

export const REFUSED_QUESTIONS: readonly RefusedQuestion[] = [
  {
    title: 'holders by balance at an earlier block',
    query: `{ holders(${OF_TOKEN}, at: { block: 300000 }) { nodes { address balance } } }`,
  },
  {
    title: 'holders by claimable, smallest first',
    query: `{ holders(${OF_TOKEN}, orderBy: CLAIMABLE, direction: ASC) { nodes { address } } }`,
  },
  {
    title: 'holders filtered by claimable',
    query: `{ holders(${OF_TOKEN}, filter: { minClaimableWei: "1" }) { nodes { address } } }`,
  },
];

/** The questions; `cursors` are some places in the list of holders. */
export function questions(holders: number, cursors: readonly string[]): readonly Question[] {
  const ofAllTokens = Math.floor(holders * PART_OF_ALL_TOKENS);
  return [
    {
      name: 'holder',
      title: 'one holder, entitlements in 3 tokens',
      ratioAtLeast: 0.6,
      p99AtMostMs: null,
      query: HOLDER,
      variables: Array.from({ length: REQUESTS }, (_, index) => ({
        address: accountOf(1 + ((index * 7919) % ofAllTokens)),
      })),
    },
    {
      name: 'page',
      title: 'page of 100 holders by balance',
      ratioAtLeast: 0.75,
      p99AtMostMs: null,
      query: PAGE,
      variables: cursors.map((after) => ({ first: 100, after })),
    },
    {
      name: 'claimable',
      title: 'top 100 holders by claimable',
      ratioAtLeast: null,
      p99AtMostMs: 100,
      query: CLAIMABLE,
      variables: [{ first: 100 }],
    },
    {
      name: 'receipts',
      title: 'one day of receipts (720)',
      ratioAtLeast: null,
      p99AtMostMs: null,
      query: RECEIPTS,
      variables: Array.from({ length: 60 }, (_, day) => ({
        from: timeBeforeHead((day + 1) * ONE_DAY_MS),
        to: timeBeforeHead(day * ONE_DAY_MS + 1_000),
      })),
    },
  ];
}

/** EIP-55 address of holder `i` of the dataset. */
export function accountOf(i: number): string {
  const number = Buffer.alloc(8);
  number.writeBigInt64BE(BigInt(i));
  return getAddress(`0x${createHash('sha256').update(number).digest('hex').slice(0, 40)}`);
}

function timeBeforeHead(milliseconds: number): string {
  return new Date(Date.parse(HEAD_TIME) - milliseconds).toISOString();
}
