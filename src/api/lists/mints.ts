import { ID } from 'type-graphql';
import type { Address } from '../../address.js';
import type { AsOf } from '../../store/read/chains/asOf.js';
import type { CollectionRecord } from '../../store/read/collections/collections.js';
import type { OperationRecord } from '../../store/read/operations/operation.js';
import {
  MINT_PAYMENT_FIELDS,
  MintPaymentType,
  MintRevenueType,
} from '../objects/collections/mintPayment.js';
import { CollectionIdentityType, collectionIdentity } from '../objects/identities.js';
import type { ApiContext } from '../request/context.js';
import { collectionsOf } from './collections.js';
import { defineOperations } from './engine/defineOperations.js';
import { field, shown, type ValuesOf } from './engine/field.js';
import { ADDRESS, AMOUNT } from './engine/fieldKinds.js';
import { ownerLabel } from './engine/labels.js';
import { CHAIN_FILTER, PLACE_IN_TRANSACTION, TIME_FILTER } from './engine/operationFields.js';
import { tableReader } from './engine/tableReader.js';

const FIELDS = {
  ...MINT_PAYMENT_FIELDS,
  revenueWei: field(
    AMOUNT,
    'Reached revenue tokens inside the call, in wei.',
    `(SELECT coalesce(sum(m.amount_wei), 0) FROM mint_revenue m
      WHERE m.collection_number = o.collection_number AND m.payment_id = o.id AND m.is_inside)`,
  ),
};

/** A mint, with its collection and the moment its list was read as of. */
export interface MintNode extends OperationRecord, ValuesOf<typeof FIELDS> {
  readonly collection: CollectionIdentityType;
  readonly asOf: AsOf;
}

/** The calls that minted tokens of ERC-7007 collections. */
export const MINT_LIST = defineOperations({
  name: 'Mint',
  query: {
    name: 'mints',
    text: 'Calls that minted tokens of ERC-7007 collections, and what came in with them.',
  },
  rows: 'mints',
  type: {
    text: 'A call that minted tokens of a collection, and the money that came in with it.',
    base: MintPaymentType,
    inherits: ['payer', 'sender', 'paidWei', 'mintCount', 'selector'],
  },
  reader: tableReader({
    table: 'mint_payment',
    owner: 'collection_number',
    fields: FIELDS,
    amount: 'paidWei',
    filterBy: [],
  }),
  owners: {
    fields: {
      collection: {
        kind: ADDRESS,
        text: 'The collection.',
        of: ({ address }: CollectionRecord) => address,
      },
      collectionLabel: ownerLabel<CollectionRecord>('collection'),
    },
    async ownersOf(
      context: ApiContext,
      chains: ReadonlyMap<number, AsOf>,
      { collection }: { readonly collection?: Address | null },
    ): Promise<CollectionRecord[]> {
      const started = await collectionsOf(context, chains, collection ?? null);
      return started.map(({ record }) => record);
    },
  },
  toNode: (row, record, asOf): MintNode => ({
    ...row,
    collection: collectionIdentity(record),
    asOf,
  }),
  fields: {
    ...MINT_PAYMENT_FIELDS,
    id: shown(ID, 'Unique; sorts in the order of the chain.'),
    collection: shown(
      CollectionIdentityType,
      'Which collection. Its figures depend on the moment: `collections` has them.',
    ),
    transactionIndex: PLACE_IN_TRANSACTION.transactionIndex,
    revenueWei: FIELDS.revenueWei,
  },
  labelled: ['payer', 'sender'],
  needs: { revenue: [] },
  resolved: {
    revenue: {
      shows: () => [MintRevenueType],
      text: 'What reached revenue tokens, inside the call and outside it.',
      resolve: async ({ id }, { loaders }) => (await loaders.mintPayment.load(id))?.revenue ?? [],
    },
  },
  filter: { ...CHAIN_FILTER, collection: 'Only mints of this collection.', ...TIME_FILTER },
  indexed: [],
  amount: 'paidWei',
  totals: {
    text: 'What was minted and paid for it: in all, by collection or payer, step by step.',
    rows: 'calls that minted',
    measures: ['mintCount', 'paidWei', 'revenueWei'],
    money: { paidWei: 'native', revenueWei: 'native' },
    groups: ['collection', 'payer'],
  },
});
