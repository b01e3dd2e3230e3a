import { createHash } from 'node:crypto';
import { getAddress } from 'ethers';
import { CHAIN_ID, HEAD_TIME, PART_OF_ALL_TOKENS, TOKENS } from './datasetSql.js';

export const QUESTION_NAMES = [
  'holder',
  'holderAt',
  'page',
  'pageAt',
  'claimable',
  'receipts',
] as const;
export type QuestionName = (typeof QUESTION_NAMES)[number];

/** What is wanted of our answers. */
export interface Goals {
  /** Part of the limit's speed, by the number of connections. */
  readonly ratios?: Readonly<Record<number, number>>;
  /** Most that 99 of 100 answers may take over 32 connections. */
  readonly p99Ms?: number;
  /** Most that the first answer of a new process may take. */
  readonly firstMs?: number;
}

/** A question of the benchmark, as both contenders are asked it. */
export interface Question {
  readonly name: QuestionName;
  readonly title: string;
  readonly goals: Goals;
  readonly query: string;
  /** The variables of some thousand different requests. */
  readonly variables: readonly Record<string, unknown>[];
}

const REQUESTS = 2_000;
const TOKEN = getAddress(TOKENS[0].address);
const ONE_DAY_MS = 86_400_000;

const holder = (variables: string, args: string) => `query Holder(${variables}) {
  holder(${args}) {
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

const page = (variables: string, args: string) => `query Holders(${variables}) {
  holders(chainId: ${CHAIN_ID}, token: "${TOKEN}", orderBy: BALANCE, ${args}) {
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
    title: 'holders by claimable, smallest first',
    query: `{ holders(${OF_TOKEN}, orderBy: CLAIMABLE, direction: ASC) { nodes { address } } }`,
  },
  {
    title: 'holders filtered by claimable',
    query: `{ holders(${OF_TOKEN}, filter: { minClaimableWei: "1" }) { nodes { address } } }`,
  },
];

/** Blocks of the past that are asked about. */
const OLD_BLOCKS = 20;

/** One of them, from the first snapshot until shortly before the head. */
function oldBlock(index: number): number {
  return 105_000 + (index % OLD_BLOCKS) * 27_000;
}

/** The questions; `cursors` are some places in the list of holders. */
export function questions(holders: number, cursors: readonly string[]): readonly Question[] {
  const ofAllTokens = Math.floor(holders * PART_OF_ALL_TOKENS);
  const addresses = Array.from({ length: REQUESTS }, (_, index) =>
    accountOf(1 + ((index * 7919) % ofAllTokens)),
  );
  const at = (index: number) => ({ at: { block: oldBlock(index) } });
  return [
    {
      name: 'holder',
      title: 'one holder, entitlements in 3 tokens',
      goals: { ratios: { 1: 0.5, 32: 0.6 } },
      query: holder('$address: Address!', 'address: $address'),
      variables: addresses.map((address) => ({ address })),
    },
    {
      name: 'holderAt',
      title: 'the same at old blocks',
      goals: {},
      query: holder('$address: Address!, $at: AtInput', 'address: $address, at: $at'),
      variables: addresses.map((address, index) => ({ address, ...at(index) })),
    },
    {
      name: 'page',
      title: 'page of 100 holders by balance',
      goals: { ratios: { 32: 0.75 } },
      query: page('$first: Int!, $after: String', 'first: $first, after: $after'),
      variables: cursors.map((after) => ({ first: 100, after })),
    },
    {
      name: 'pageAt',
      title: 'the same at old blocks',
      goals: { ratios: { 32: 0.5 }, p99Ms: 300 },
      query: page(
        '$first: Int!, $after: String, $at: AtInput',
        'first: $first, after: $after, at: $at',
      ),
      variables: cursors.map((after, index) => ({ first: 100, after, ...at(index) })),
    },
    {
      name: 'claimable',
      title: 'top 100 holders by claimable',
      goals: { p99Ms: 100, firstMs: 500 },
      query: CLAIMABLE,
      variables: [{ first: 100 }],
    },
    {
      name: 'receipts',
      title: 'one day of receipts (720)',
      goals: { ratios: { 32: 0.6 } },
      query: RECEIPTS,
      variables: Array.from({ length: 50 }, (_, day) => ({
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
