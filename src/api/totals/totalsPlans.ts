import { Int } from 'type-graphql';
import { addressFromBytes } from '../../address.js';
import type { CollectionRecord } from '../../store/read/collections/collections.js';
import { MINT_COLUMNS } from '../../store/read/collections/mints.js';
import type { OracleRecord } from '../../store/read/oracles/oracles.js';
import type { BookOwner } from '../lists/revenueOperations.js';
import { paymentTokenOf } from '../objects/oracles/model.js';
import { CollectionPart, IncomeSource, ReceiptKind } from '../values/enums.js';
import { AddressScalar, BigIntScalar } from '../values/scalars.js';
import { type DescribedGroup, describeTotals } from './totalsTypes.js';

const addressOf = (value: unknown) => (Buffer.isBuffer(value) ? addressFromBytes(value) : null);
const bigintOf = (value: unknown) => (value === null ? null : BigInt(String(value)));
const asItIs = (value: unknown) => value;

const account = (field: string, sql: string, description: string) => ({
  field,
  sql,
  type: AddressScalar,
  description,
  decode: addressOf,
});

/** The address of the contract that has the number. */
function owner<Owner>(
  field: string,
  description: string,
  addressIn: (owner: Owner) => string,
): DescribedGroup<Owner> {
  return {
    field,
    sql: 'w.token_number',
    type: AddressScalar,
    description,
    decode(value, owners) {
      const found = owners.get(Number(value));
      return found === undefined ? null : addressIn(found);
    },
  };
}

const token = owner<BookOwner>('token', 'the token.', (book) => book.token.address);
/** The asset is one for all rows: that of the filter. */
const amount = (sql: string, description: string) => ({ sql, description });
const IN_ASSET = 'in wei, or in the smallest unit of filter.asset.';

export const RECEIPT_TOTALS = describeTotals<BookOwner>({
  name: 'Receipt',
  rows: 'receipts',
  measures: { amountWei: amount('o.amount_wei', `What came in, ${IN_ASSET}`) },
  groups: {
    TOKEN: token,
    SOURCE: {
      field: 'source',
      sql: 'o.source',
      type: IncomeSource,
      description: 'where it came from.',
      decode: asItIs,
    },
    SOURCE_ADDRESS: account(
      'sourceAddress',
      'o.source_address',
      'the contract or labelled address on its way.',
    ),
    MODEL: {
      field: 'modelId',
      sql: 'o.model_id',
      type: BigIntScalar,
      description: 'the model whose revenue was paid out.',
      decode: bigintOf,
    },
    COLLECTION_PART: {
      field: 'collectionPart',
      sql: 'o.collection_part',
      type: CollectionPart,
      description: 'what of the business of a collection brought it.',
      decode: asItIs,
    },
    KIND: {
      field: 'kind',
      sql: 'o.kind',
      type: ReceiptKind,
      description: 'how it came.',
      decode: asItIs,
    },
    PAYER: account('payer', 'o.payer', 'who sent it.'),
  },
});

export const CLAIM_TOTALS = describeTotals<BookOwner>({
  name: 'Claim',
  rows: 'claims',
  measures: { amountWei: amount('o.amount_wei', `What was claimed, ${IN_ASSET}`) },
  groups: {
    TOKEN: token,
    SNAPSHOT: {
      field: 'snapshotId',
      sql: 'o.snapshot_id',
      type: Int,
      description: 'the snapshot; of several tokens, group by TOKEN too.',
      decode: asItIs,
    },
    HOLDER: account('holder', 'o.holder', 'who claimed.'),
  },
});

export const REDEMPTION_TOTALS = describeTotals<BookOwner>({
  name: 'Redemption',
  rows: 'redemptions',
  measures: {
    amountWei: amount('o.amount_wei', `What was paid, ${IN_ASSET}`),
    fromNewWei: amount('o.from_new_wei', 'The part that came from new revenue.'),
    fromPoolWei: amount('o.from_pool_wei', 'The part that came from the redeem pool.'),
    burned: amount('o.burned', 'Tokens burned, in token units; of several tokens, group by TOKEN.'),
  },
  groups: { TOKEN: token, HOLDER: account('holder', 'o.holder', 'who burned.') },
});

export const REQUEST_TOTALS = describeTotals<OracleRecord>({
  name: 'Request',
  rows: 'requests',
  asset: {
    field: 'paymentToken',
    sql: "nullif(o.asset, 'native')",
    type: AddressScalar,
    description: "The ERC-20 that fees were paid in; null for the chain's own coin.",
    decode: (value) => (typeof value === 'string' ? paymentTokenOf(value) : null),
  },
  measures: {
    fee: amount('o.fee', 'Fees charged, both parts together.'),
    receiverPart: amount('o.receiver_part', "The receivers' part of them."),
    protocolPart: amount('o.protocol_part', "The protocol's part of them."),
    batchSize: amount('o.batch_size', 'Inferences.'),
    gasPartWei: amount('o.gas_part_wei', 'Paid for the gas of results, where known, in wei.'),
    overpaymentWei: amount('o.overpayment_wei', 'Sent beyond fee and gas, where known, in wei.'),
  },
  groups: {
    ORACLE: owner<OracleRecord>('oracle', 'the oracle.', ({ address }) => address),
    MODEL: {
      field: 'modelId',
      sql: 'o.model_id',
      type: BigIntScalar,
      description: 'the model; of several oracles, group by ORACLE too.',
      decode: bigintOf,
    },
    ACCOUNT: account('account', 'o.account', 'who asked.'),
  },
});

export const MINT_TOTALS = describeTotals<CollectionRecord>({
  name: 'Mint',
  rows: 'calls that minted',
  measures: {
    mintCount: amount('o.mint_count', 'Tokens minted.'),
    paidWei: amount('o.paid_wei', 'Came in with the calls, in wei.'),
    revenueWei: amount(MINT_COLUMNS.revenueWei.sql, 'Reached revenue tokens inside them, in wei.'),
  },
  groups: {
    COLLECTION: owner<CollectionRecord>('collection', 'the collection.', ({ address }) => address),
    PAYER: account('payer', 'o.payer', 'who called the collection.'),
  },
});
