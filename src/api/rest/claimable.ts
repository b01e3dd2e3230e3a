import { shownSymbol } from '../../books/moneySymbols.js';
import { personOf } from '../../books/person.js';
import type { AsOf } from '../../store/read/chains/asOf.js';
import type { DepositPoolRecord } from '../../store/read/pools/depositPools.js';
import type { TokenRecord } from '../../store/read/tokens/tokens.js';
import type { ClaimExpiry } from '../claimPlan/expiry.js';
import { createGasLoader, type GasLoader } from '../claimPlan/gas.js';
import {
  type ClaimAsset,
  type ClaimPayment,
  type ClaimRemainder,
  type ClaimStep,
} from '../claimPlan/plan.js';
import { planClaims } from '../claimPlan/planClaims.js';
import { planPerson } from '../claimPlan/planPerson.js';
import type { ClaimThrough } from '../claimPlan/planThrough.js';
import { warningsOf } from '../claimPlan/warnings.js';
import { pausesIn } from '../marks/pauses.js';
import { provisionalIn } from '../marks/provisional.js';
import type { EarliestSnapshotType } from '../objects/tokens/token.js';
import type { ApiContext } from '../request/context.js';
import { type Claimable, claimableSchema, personClaimableSchema } from './claimableSchema.js';
import { archivedIn, disagreementsIn, holdsIn, unauditedIn } from './disagreements.js';
import { addressOut, addressParameter, chainIdParameter, holdersParameter } from './fields.js';
import { restRoute } from './route.js';

/** `GET /v1/holders/{address}/claimable`: the claim plan for wallets without GraphQL. */
export const claimableRoute = restRoute({
  path: '/v1/holders/{address}/claimable',
  operationId: 'getClaimable',
  summary: 'What an account can claim now',
  description:
    'Over all tokens and chains, as of the newest indexed block of each: what expires first comes ' +
    'first, each with a transaction that is ready to be signed and EIP-681 links. An account that ' +
    'never had a token has empty lists.',
  pathParameters: { address: addressParameter },
  query: { chainId: chainIdParameter },
  response: claimableSchema,
  async answer(context, { address, chainId }) {
    const plan = await planClaims(context, address, chainId ?? null);
    return { ...(await planJson(context, plan)), ...(await marksJson(context)) };
  },
});

/** `GET /v1/person/claimable`: the plans of several accounts. */
export const personClaimableRoute = restRoute({
  path: '/v1/person/claimable',
  operationId: 'getPersonClaimable',
  summary: 'What all accounts of a person can claim now',
  description:
    'The claim plan of each account that has something to claim, in the order given. Each account has to ' +
    'send its own transactions.',
  pathParameters: {},
  query: { holder: holdersParameter, chainId: chainIdParameter },
  repeatable: ['holder'],
  response: personClaimableSchema,
  async answer(context, { holder, chainId }) {
    const plans = await planPerson(context, personOf(holder), chainId ?? null);
    return {
      plans: await Promise.all(plans.map((plan) => planJson(context, plan))),
      ...(await marksJson(context)),
    };
  },
});

async function planJson(context: ApiContext, plan: Awaited<ReturnType<typeof planClaims>>) {
  const gas = createGasLoader(context.claimNodes);
  return {
    address: addressOut(plan.address),
    asOf: plan.asOf.map(asOfJson),
    steps: await Promise.all(plan.steps.map((step) => stepJson(step, gas))),
    remains: plan.remains.map(remainderJson),
    through: plan.through.map(throughJson),
    warnings: warningsOf(plan).map(({ code, message, token, snapshotId, loses }) => ({
      code,
      message,
      token: tokenJson(token),
      snapshotId,
      loses: loses.map(paymentJson),
    })),
  };
}

/** What the answer has to be read with; asked for when everything else was read. */
export async function marksJson(context: ApiContext) {
  return {
    disagreements: await disagreementsIn(context),
    held: await holdsIn(context),
    archived: await archivedIn(context),
    unaudited: await unauditedIn(context),
    paused: await pausesIn(context.books),
    provisional: await provisionalIn(context.books),
  };
}

type StepJson = Claimable['steps'][number];

async function stepJson(step: ClaimStep, gasLoader: GasLoader): Promise<StepJson> {
  const { token, claims, pays, expiry, transaction } = step;
  const { gas, unavailable } = await gasLoader.load(step);
  return {
    token: tokenJson(token),
    claims: claims.map((claim) => ({
      snapshotId: claim.snapshotId,
      pays: claim.pays.map(paymentJson),
      expiry: expiryJson(claim.expiry),
      link: claim.link,
    })),
    pays: pays.map(paymentJson),
    expiry: expiryJson(expiry),
    transaction: {
      chainId: transaction.chainId,
      from: addressOut(transaction.from),
      to: addressOut(transaction.to),
      method: transaction.method === 'CLAIM' ? 'claim' : 'claimBatch',
      data: transaction.data,
      value: String(transaction.valueWei),
      gas: gas === null ? null : String(gas),
      gasUnavailable: unavailable,
    },
  };
}

function throughJson({ token, path, claims, message }: ClaimThrough) {
  return {
    token: tokenJson(token),
    path: path.map(poolJson),
    claims: claims.map(({ snapshotId, pays, expiry }) => {
      return { snapshotId, pays: pays.map(paymentJson), expiry: expiryJson(expiry) };
    }),
    message,
  };
}

export function poolJson({ address, kind, label }: DepositPoolRecord) {
  return { address: addressOut(address), kind, label };
}

function remainderJson({ token, assets, roundedToNothing, nextSnapshot }: ClaimRemainder) {
  return {
    token: tokenJson(token),
    assets: assets.map(({ asset, entitlement }) => ({
      ...assetJson(asset),
      claimable: String(entitlement.totalClaimableWei),
      accruing: String(entitlement.accruingWei),
      redeemable: String(entitlement.redeemableWei),
    })),
    roundedToNothing: [...roundedToNothing],
    nextSnapshot: earliestJson(nextSnapshot),
  };
}

export function tokenJson(token: TokenRecord) {
  const { chainId, address, name, decimals } = token;
  return { chainId, address: addressOut(address), name, symbol: shownSymbol(token), decimals };
}

function paymentJson({ asset, amount }: ClaimPayment) {
  return { ...assetJson(asset), amount: String(amount) };
}

function assetJson({ address, symbol, decimals }: ClaimAsset) {
  return { asset: address === null ? 'native' : addressOut(address), symbol, decimals };
}

function expiryJson({ snapshotsLeft, isDue, earliest }: ClaimExpiry) {
  return { snapshotsLeft, isDue, earliest: earliestJson(earliest) };
}

function earliestJson(earliest: EarliestSnapshotType | null) {
  if (earliest === null) return null;
  return { block: earliest.block, timestamp: earliest.timestamp?.toISOString() ?? null };
}

export function asOfJson({ chainId, block, hash, timestamp }: AsOf) {
  return { chainId, block, hash, timestamp: timestamp?.toISOString() ?? null };
}
