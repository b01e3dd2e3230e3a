/** What of a table goes into the ledger hash, in this order. */
export interface HashedTable {
  readonly name: string;
  /** Column of the number that its ids begin with. */
  readonly number: 'token_number' | 'contract_number' | 'sale_number' | 'collection_number';
  /** Times in milliseconds; default: `timestamp`. */
  readonly times?: readonly string[];
  /** Bytes, as lower-case hex. */
  readonly bytes: readonly string[];
  /** Numbers, truth values and names of ours, as PostgreSQL writes them. */
  readonly values: readonly string[];
  /** Lists of bytes, with commas between them. */
  readonly lists?: readonly string[];
  /** Ids of other rows, without the number of ours that they begin with. */
  readonly references?: readonly string[];
}

const TERMS = ['exists', 'fee', 'receiver_percentage', 'asset'];
const PLACE = ['transaction_index', 'position'];

/**
 * Every table of operations. Beside these columns a row's id is hashed, without our number; nothing
 * else may be left out, and a test sees to that. Changing anything here changes
 * every hash: then the genesis in `ledgerDigest.ts` gets another version.
 */
export const HASHED_TABLES: readonly HashedTable[] = [
  {
    name: 'transfer',
    number: 'token_number',
    bytes: ['transaction_hash', 'from', 'to'],
    values: [...PLACE, 'log_index', 'amount'],
  },
  {
    name: 'receipt',
    number: 'token_number',
    bytes: ['transaction_hash', 'payer', 'selector', 'source_address'],
    values: [...PLACE, 'amount_wei', 'kind', 'source', 'model_id', 'collection_part'],
    lists: ['path'],
  },
  {
    name: 'claim',
    number: 'token_number',
    bytes: ['transaction_hash', 'holder'],
    values: [...PLACE, 'snapshot_id', 'amount_wei', 'snapshot_claimed_wei'],
  },
  {
    name: 'redemption',
    number: 'token_number',
    bytes: ['transaction_hash', 'holder'],
    values: [...PLACE, 'burned', 'amount_wei', 'from_new_wei', 'from_pool_wei'],
  },
  {
    name: 'snapshot',
    number: 'token_number',
    bytes: ['transaction_hash'],
    values: [
      ...PLACE,
      'snapshot_id',
      'new_revenue_wei',
      'claimable_wei',
      'fresh_wei',
      'rolled_over_wei',
      'redeemable_added_wei',
      'supply',
    ],
  },
  {
    name: 'pool_version',
    number: 'token_number',
    bytes: [],
    values: [
      'balance_wei',
      'supply',
      'new_revenue_wei',
      'claim_pool_wei',
      'redeem_pool_wei',
      'redeemed_from_new_wei',
      'last_snapshot_id',
      'received_wei',
      'claimed_wei',
      'redeemed_wei',
    ],
  },
  {
    name: 'token_terms',
    number: 'token_number',
    bytes: ['transaction_hash'],
    values: [...PLACE, 'percent_claimable', 'window', 'interval', 'interval_unit', 'is_paused'],
  },
  {
    name: 'journal_entry',
    number: 'token_number',
    bytes: ['transaction_hash', 'holder'],
    values: [...PLACE, 'amount_wei', 'kind', 'asset'],
  },
  {
    name: 'posting',
    number: 'token_number',
    times: [],
    bytes: [],
    values: ['asset', 'account', 'amount_wei', 'balance_wei'],
    references: ['entry_id'],
  },
  {
    name: 'model_version',
    number: 'contract_number',
    bytes: ['receiver'],
    values: ['model_id', 'is_opening', ...TERMS, 'accrued'],
  },
  {
    name: 'model_total',
    number: 'contract_number',
    bytes: [],
    values: ['model_id', 'asset', 'requests', 'fees', 'receiver_part', 'protocol_part', 'paid_out'],
  },
  {
    name: 'model_change',
    number: 'contract_number',
    bytes: ['transaction_hash', 'receiver'],
    values: [...PLACE, 'model_id', 'kind', ...TERMS],
  },
  {
    name: 'model_payout',
    number: 'contract_number',
    bytes: ['transaction_hash', 'caller', 'receiver'],
    values: [...PLACE, 'model_id', 'cause', 'asset', 'amount'],
  },
  {
    name: 'oracle_request',
    number: 'contract_number',
    bytes: ['transaction_hash', 'account', 'payer', 'callback_contract'],
    values: [
      ...PLACE,
      'model_id',
      'request_id',
      'batch_size',
      'asset',
      'fee',
      'receiver_part',
      'protocol_part',
      'value_wei',
      'gas_limit',
      'gas_part_wei',
      'overpayment_wei',
    ],
  },
  {
    name: 'oracle_result',
    number: 'contract_number',
    bytes: ['transaction_hash', 'account', 'invoker', 'output'],
    values: [...PLACE, 'request_id', 'is_update'],
  },
  {
    name: 'sale_entry',
    number: 'sale_number',
    bytes: ['transaction_hash', 'participant', 'caller'],
    values: [
      ...PLACE,
      'kind',
      'raise_amount',
      'token_amount',
      'deposited',
      'allocated',
      'claimed',
      'refunded',
      'sold',
      'proceeds',
      'cost',
    ],
  },
  {
    name: 'sale_version',
    number: 'sale_number',
    bytes: [],
    values: [
      'has_ended',
      'is_finalised',
      'participants',
      'raised',
      'refunded',
      'allocated',
      'claimed',
      'sold',
      'proceeds',
      'last_raise_amount',
      'last_token_amount',
    ],
  },
  {
    name: 'collection_version',
    number: 'collection_number',
    bytes: [],
    values: ['minted', 'burned', 'paid_wei', 'revenue_wei', 'beside_revenue_wei'],
  },
  {
    name: 'aigc_token',
    number: 'collection_number',
    bytes: ['transaction_hash', 'id_hash'],
    values: [...PLACE, 'token_id'],
  },
  {
    name: 'aigc_transfer',
    number: 'collection_number',
    bytes: ['transaction_hash', 'from', 'to'],
    values: [...PLACE, 'log_index', 'token_id'],
    references: ['payment_id'],
  },
  {
    name: 'aigc_data',
    number: 'collection_number',
    bytes: [
      'transaction_hash',
      'prompt_hash',
      'aigc_data_hash',
      'proof',
      'uri',
      'writer',
      'oracle',
    ],
    values: [
      ...PLACE,
      'log_index',
      'token_id',
      'event',
      'request_id',
      'model_id',
      'prompt_verdict',
      'content_verdict',
    ],
  },
  {
    name: 'aigc_content',
    number: 'collection_number',
    bytes: ['transaction_hash', 'hash', 'content'],
    values: [...PLACE, 'source'],
  },
  {
    name: 'aigc_request',
    number: 'collection_number',
    bytes: ['transaction_hash', 'oracle', 'account', 'callback_contract', 'input_hash'],
    values: [...PLACE, 'log_index', 'request_id', 'model_id', 'is_own'],
  },
  {
    name: 'mint_payment',
    number: 'collection_number',
    bytes: ['transaction_hash', 'payer', 'sender', 'selector'],
    values: [...PLACE, 'paid_wei', 'mint_count'],
  },
  {
    name: 'mint_revenue',
    number: 'collection_number',
    bytes: ['transaction_hash', 'token', 'payer'],
    values: [...PLACE, 'is_inside', 'mint_calls', 'amount_wei'],
    references: ['payment_id'],
  },
];
