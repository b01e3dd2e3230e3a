/**
 * Block numbers and chain ids up to 2^53, and primary keys that begin with the number of the
 * token, contract, sale, collection or feed that owns the row.
 *
 * Ids keep their text as long as their parts fit (src/store/ids.ts), so no ledger hash changes.
 * Only owners above 9,999, whose ids had five digits and did not sort, get new ids.
 */
import { alterInPlace, rewriteTables } from '../rewriteTables.js';

/** Tables whose ids begin with the number in this column. */
const OWNED = {
  transfer: 'token_number',
  receipt: 'token_number',
  claim: 'token_number',
  redemption: 'token_number',
  snapshot: 'token_number',
  snapshot_commitment: 'token_number',
  pool_version: 'token_number',
  journal_entry: 'token_number',
  posting: 'token_number',
  model_version: 'contract_number',
  model_total: 'contract_number',
  model_change: 'contract_number',
  model_payout: 'contract_number',
  oracle_request: 'contract_number',
  oracle_result: 'contract_number',
  sale_entry: 'sale_number',
  sale_version: 'sale_number',
  collection_version: 'collection_number',
  aigc_token: 'collection_number',
  aigc_transfer: 'collection_number',
  aigc_data: 'collection_number',
  aigc_content: 'collection_number',
  aigc_request: 'collection_number',
  mint_payment: 'collection_number',
  mint_revenue: 'collection_number',
  price_round: 'feed_number',
};

/** Columns that hold a block or a chain id, in all other tables. */
const WIDE = {
  token: ['chain_id', 'start_block'],
  contract: ['chain_id', 'start_block'],
  sale: ['chain_id', 'start_block'],
  price_feed: ['chain_id', 'start_block'],
  block: ['chain_id', 'number'],
  balance_checkpoint: ['block_number'],
  chain_cursor: ['chain_id', 'height', 'finalized_height'],
  hot_block: ['chain_id', 'height'],
  ledger_hash: ['chain_id', 'block_number'],
  hash_cursor: ['chain_id', 'height'],
  audit_progress: ['block_number'],
  audit_mismatch: ['first_block', 'block_number'],
};

/** Columns that hold a row id of the same owner. */
const REFERENCES = {
  posting: ['entry_id'],
  aigc_transfer: ['payment_id'],
  mint_revenue: ['payment_id'],
};

export class WideNumbers1764950000000 {
  name = 'WideNumbers1764950000000';

  async up(db) {
    await rewriteTables(db, rewrites('bigint'), async (rewrite) => {
      await widenIds(db, rewrite.table);
      await alterInPlace(db, rewrite);
    });
    await widenIds(db, 'revenue_asset');
    await alterInPlace(db, { table: 'revenue_asset', types: {}, key: 'token_number, id' });
  }

  async down(db) {
    await refuseWide(db);
    await rewriteTables(db, rewrites('integer'), (rewrite) => alterInPlace(db, rewrite));
    await alterInPlace(db, { table: 'revenue_asset', types: {}, key: 'id' });
  }
}

/** What the tables get: with `bigint`, the wide ids and keys, and with `integer`, those from before. */
function rewrites(type) {
  const typesOf = (columns) => Object.fromEntries(columns.map((column) => [column, type]));
  const owned = Object.entries(OWNED).map(([table, owner]) => ({
    table,
    types: typesOf(['block_number']),
    key: type === 'bigint' ? `${owner}, id` : 'id',
    values: type === 'bigint' ? widenedIds(table, owner) : {},
  }));
  const others = Object.entries(WIDE).map(([table, columns]) => ({
    ...{ table, types: typesOf(columns), key: null, values: {} },
  }));
  return [...owned, ...others];
}

/** Of rows of owners above 9,999: `10004-…` becomes `a0000000000010004-…`. */
const widened = (id) => `'a' || lpad(split_part(${id}, '-', 1), 16, '0') || substr(${id},
    strpos(${id}, '-'))`;

const idsOf = (table) => ['id', ...(REFERENCES[table] ?? [])];

function widenedIds(table, owner) {
  return Object.fromEntries(
    idsOf(table).map((id) => [id, `CASE WHEN ${owner} > 9999 THEN ${widened(id)} ELSE ${id} END`]),
  );
}

async function widenIds(db, table) {
  const owner = table === 'revenue_asset' ? 'token_number' : OWNED[table];
  if (owner === undefined) return;
  const changes = idsOf(table).map((id) => `${id} = ${widened(id)}`);
  await db.query(`UPDATE ${table} SET ${changes.join(', ')} WHERE ${owner} > 9999`);
}

/** An earlier version would cut these values off, and show wrong figures without a word. */
async function refuseWide(db) {
  const questions = [
    ...Object.entries({ ...OWNED, revenue_asset: 'token_number' }).map(
      ([table, owner]) => `SELECT '${table}' WHERE EXISTS (
        SELECT FROM ${table} WHERE ${owner} > 9999 OR id ~ '-a[0-9]{16}')`,
    ),
    ...Object.entries(WIDE).map(
      ([table, columns]) => `SELECT '${table}' WHERE EXISTS (
        SELECT FROM ${table} WHERE greatest(${columns.join(', ')}) > 2147483647)`,
    ),
  ];
  const rows = await db.query(questions.join(' UNION ALL '));
  if (rows.length === 0) return;
  const error = new Error(
    `MIGRATION_NOT_REVERSIBLE: the version before this migration has no room for numbers above ` +
      `9,999, or blocks and chain ids above 2,147,483,647. They are in: ${rows
        .map((row) => Object.values(row)[0])
        .join(', ')}. Index into a new database with the older version.`,
  );
  error.code = 'MIGRATION_NOT_REVERSIBLE';
  throw error;
}
