import { z } from 'zod';
import type { ThroughNode } from '../objects/holders/through.js';
import { throughOf } from '../objects/persons/personThrough.js';
import {
  entitlementsOf,
  momentsOf,
  participationsOf,
  readPerson,
} from '../objects/persons/readPerson.js';
import type { ApiContext } from '../request/context.js';
import { asOfJson, marksJson, poolJson, tokenJson } from './claimable.js';
import { asOfSchema, marksShape, poolSchema, tokenSchema } from './claimableSchema.js';
import {
  addressOut,
  addressValue,
  amountValue,
  assetOut,
  assetValue,
  chainIdParameter,
  chainIdValue,
  holdersParameter,
} from './fields.js';
import { restRoute } from './route.js';

const entitlement = z
  .object({
    asset: assetValue,
    assigned: amountValue.meta({ description: 'Shares of all snapshots so far: what was earned.' }),
    claimable: amountValue,
    claimed: amountValue,
    redeemed: amountValue,
    expired: amountValue,
    accruing: amountValue,
    redeemable: amountValue,
  })
  .meta({ id: 'PersonEntitlement', description: 'Sums over the accounts, in smallest units.' });

const participation = z
  .object({
    chainId: chainIdValue,
    sale: addressValue,
    token: addressValue,
    raiseAsset: assetValue,
    deposited: amountValue,
    refunded: amountValue,
    allocated: amountValue,
    claimed: amountValue,
    sold: amountValue,
    proceeds: amountValue,
    costBasis: z.object({ paid: amountValue, got: amountValue, isFinal: z.boolean() }),
  })
  .meta({ id: 'PersonParticipation', description: 'Sums over the accounts, in smallest units.' });

const throughSchema = z
  .object({
    token: tokenSchema,
    asset: assetValue,
    path: z.array(poolSchema).meta({
      description: 'The pool that holds the token first; they are depositors of the last.',
    }),
    shares: amountValue.meta({ description: 'Their shares of the last pool.' }),
    totalShares: amountValue,
    claimable: amountValue,
    claimed: amountValue,
    expired: amountValue,
    accruing: amountValue,
    unknownSnapshots: z.array(z.int()).meta({
      description: 'Snapshots at which the shares are not known: nothing of them is in the sums.',
    }),
  })
  .meta({
    id: 'PersonThrough',
    description: 'Their parts of what a pool that holds a token for them is owed.',
  });

const personSchema = z
  .object({
    holders: z.array(addressValue),
    asOf: z.array(asOfSchema),
    positions: z.array(
      z.object({
        token: tokenSchema,
        balance: amountValue,
        entitlements: z.array(entitlement).meta({ description: 'ETH first.' }),
      }),
    ),
    through: z.array(throughSchema).meta({
      description: 'Not part of the positions. Only the pools can claim it.',
    }),
    participations: z.array(participation),
    ...marksShape,
  })
  .meta({ id: 'Person', description: 'Several accounts as one, across all tokens.' });

/** `GET /v1/person`: several accounts as one. */
export const personRoute = restRoute({
  path: '/v1/person',
  operationId: 'getPerson',
  summary: 'What several accounts have, are owed and paid together',
  description:
    'Over all tokens and chains, as of the newest indexed block of each. What moves between the accounts ' +
    'is netted. Every figure is the sum of what the contract answers for each account.',
  pathParameters: {},
  query: { holder: holdersParameter, chainId: chainIdParameter },
  repeatable: ['holder'],
  response: personSchema,
  async answer(context, { holder, chainId }) {
    const person = await readPerson(context, { holders: holder, chainId: chainId ?? null });
    const positions = await Promise.all(
      person.positions.map(async (position) => ({
        token: tokenJson(position.tokenRecord),
        balance: String(position.balance),
        entitlements: (await entitlementsOf(context, position)).map((owed) => ({
          asset: assetOut(owed.asset),
          assigned: String(owed.assignedWei),
          claimable: String(owed.totalClaimableWei),
          claimed: String(owed.claimedWei),
          redeemed: String(owed.redeemedWei),
          expired: String(owed.expiredWei),
          accruing: String(owed.accruingWei),
          redeemable: String(owed.redeemableWei),
        })),
      })),
    );
    const participations = await participationsOf(context, person);
    const through = await throughJson(context, await throughOf(context, person));
    return {
      holders: person.holders.map(addressOut),
      asOf: momentsOf(person).map(asOfJson),
      positions,
      through,
      participations: participations.map(({ saleRecord, costBasis, ...figures }) => ({
        chainId: saleRecord.chainId,
        sale: addressOut(saleRecord.address),
        token: addressOut(saleRecord.token),
        raiseAsset: assetOut(saleRecord.raiseAsset ?? 'native'),
        deposited: String(figures.deposited),
        refunded: String(figures.refunded),
        allocated: String(figures.allocated),
        claimed: String(figures.claimed),
        sold: String(figures.sold),
        proceeds: String(figures.proceeds),
        costBasis: {
          paid: String(costBasis.paid),
          got: String(costBasis.got),
          isFinal: costBasis.isFinal,
        },
      })),
      ...(await marksJson(context)),
    };
  },
});

function throughJson({ books }: ApiContext, ways: readonly ThroughNode[]) {
  return Promise.all(
    ways.map(async ({ token, bookNumber, path, ...owed }) => ({
      token: tokenJson(token),
      asset: assetOut(await books.assetOf(bookNumber)),
      path: path.map(poolJson),
      shares: String(owed.shares),
      totalShares: String(owed.totalShares),
      claimable: String(owed.totalClaimableWei),
      claimed: String(owed.claimedWei),
      expired: String(owed.expiredWei),
      accruing: String(owed.accruingWei),
      unknownSnapshots: [...owed.unknownSnapshots],
    })),
  );
}
