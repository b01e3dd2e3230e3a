import { z } from 'zod';
import { HITS_AT_MOST, search } from '../../books/search.js';
import { addressOut, addressValue, chainIdValue } from './fields.js';
import { restRoute } from './route.js';

const HITS_BY_DEFAULT = 20;

const searchSchema = z.object({
  searchedAs: z
    .enum(['address', 'address-prefix', 'transaction', 'names'])
    .meta({ description: 'What the text was searched as.' }),
  isComplete: z.boolean().meta({
    description: 'False: transactions cannot be found yet, because their indexes are missing.',
  }),
  hasMore: z.boolean().meta({ description: 'There are more hits than `first`.' }),
  asOf: z.array(
    z.object({
      chainId: chainIdValue,
      block: z.int(),
      hash: z.string().nullable(),
      timestamp: z.string().nullable(),
    }),
  ),
  hits: z.array(
    z.object({
      kind: z.string().meta({ description: 'What it is, e.g. `token` or `transaction`.' }),
      chainId: chainIdValue,
      address: addressValue.nullable(),
      transactionHash: z.string().nullable(),
      block: z.int().nullable().meta({ description: 'Of a transaction.' }),
      name: z.string().nullable(),
      symbol: z
        .string()
        .nullable()
        .meta({ description: 'Null also where it may be mistaken for money.' }),
      symbolOnChain: z.string().nullable(),
      label: z.string().nullable().meta({ description: 'Name that the config gives it.' }),
      lists: z.array(z.string()).meta({ description: 'The queries of GraphQL that show it.' }),
    }),
  ),
});

/** `GET /v1/search`: what has an address, a name or a transaction. */
export const searchRoute = restRoute({
  path: '/v1/search',
  operationId: 'search',
  summary: 'What has an address, a name or a transaction',
  description:
    'Searches addresses (whole, or their first 6 hex digits or more), transaction hashes, names, symbols and ' +
    'labels on all chains, as of the newest indexed block of each. Nothing found is an empty list.',
  pathParameters: {},
  query: {
    text: z.string().meta({ description: 'What to search.', example: 'olm' }),
    first: z
      .string()
      .regex(/^[1-9]\d{0,2}$/, `it is not a number from 1 to ${HITS_AT_MOST}`)
      .transform(Number)
      .default(HITS_BY_DEFAULT)
      .meta({ description: `Hits at most, up to ${HITS_AT_MOST}.`, example: '20' }),
  },
  response: searchSchema,
  async answer({ db, books }, request) {
    const { hits, asOf, ...answer } = await search(db, books, request);
    return {
      ...answer,
      asOf: asOf.map(({ chainId, block, hash, timestamp }) => {
        return { chainId, block, hash, timestamp: timestamp?.toISOString() ?? null };
      }),
      hits: hits.map(({ address, lists, ...hit }) => {
        return {
          ...hit,
          address: address === null ? null : addressOut(address),
          lists: [...lists],
        };
      }),
    };
  },
});
