import { type Address, addressBytes, ZERO_ADDRESS } from '../../../address.js';
import { lastOperationId } from '../../ids.js';
import { readByToken } from '../query/byToken.js';
import { type Hex, optionalHex } from '../query/decode.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';

/** An operation of an account with a token or in a sale, or an operation of the token itself. */
export interface AccountOperation {
  readonly block: number;
  readonly position: number;
  /** transfer, receipt, snapshot, claim, redemption; of a sale: the kind of entry; of a pool: shares; of an oracle: request, payout, a change of terms. */
  readonly kind: string;
  /** Token units of a transfer; for other kinds, the smallest unit of the paid asset. */
  readonly amount: bigint;
  readonly transactionHash: Hex | null;
}

/** Whose operations, in the blocks after `after` and up to `upTo`. */
export interface AccountOperationScope {
  /** Numbers of the token and of its books in other assets. */
  readonly bookNumbers: readonly number[];
  readonly tokenNumber: number;
  /** `null`: every operation that changed the token's totals. */
  readonly account: Address | null;
  readonly after: number;
  readonly upTo: number;
}

interface Row {
  readonly block_number: number;
  readonly position: number;
  readonly kind: string;
  readonly amount: string;
  readonly transaction_hash: Buffer | null;
}

/** The newest `limit` operations of the scope, oldest first. */
export async function readAccountOperations(
  db: Queryable,
  scope: AccountOperationScope,
  limit: number,
): Promise<AccountOperation[]> {
  const rows = await Promise.all([readTransfers(db, scope, limit), readBooks(db, scope, limit)]);
  return rows.flat().map(decode).sort(inOrder).slice(-limit);
}

/** Blocks after `after`, up to `upTo`. */
interface BlockRange {
  readonly after: number;
  readonly upTo: number;
}

/**
 * The newest `limit` operations of an account in a sale, or (`null`) of all accounts, oldest first.
 */
export async function readSaleOperations(
  db: Queryable,
  scope: BlockRange & { readonly saleNumber: number; readonly account: Address | null },
  limit: number,
): Promise<AccountOperation[]> {
  const { saleNumber, account, after, upTo } = scope;
  const rows = await readRows<Row>(
    db,
    'sale_operations',
    `SELECT block_number, position, kind, transaction_hash,
       CASE WHEN raise_amount > 0 THEN raise_amount ELSE token_amount END AS amount
     FROM sale_entry
     WHERE sale_number = $1 AND id > $2 AND id <= $3
       AND ($4::bytea IS NULL OR participant = $4)
     ORDER BY id DESC LIMIT $5`,
    [
      saleNumber,
      lastOperationId(saleNumber, after),
      lastOperationId(saleNumber, upTo),
      account === null ? null : addressBytes(account),
      limit,
    ],
  );
  return rows.map(decode).sort(inOrder);
}

/** The newest `limit` events of a depositor of a pool, or (`null`) of all; the amount is its shares after. */
export async function readPoolOperations(
  db: Queryable,
  scope: BlockRange & { readonly poolNumber: number; readonly account: Address | null },
  limit: number,
): Promise<AccountOperation[]> {
  const ids = [scope.after, scope.upTo].map((block) => lastOperationId(scope.poolNumber, block));
  const account = scope.account === null ? null : addressBytes(scope.account);
  const rows = await readRows<Row>(
    db,
    'pool_operations',
    `SELECT block_number, position, 'shares' AS kind, transaction_hash, shares AS amount
     FROM pool_share WHERE pool_number = $1 AND id > $2 AND id <= $3
       AND ($4::bytea IS NULL OR depositor = $4)
     ORDER BY id DESC LIMIT $5`,
    [scope.poolNumber, ...ids, account, limit],
  );
  return rows.map(decode).sort(inOrder);
}

/**
 * The newest `limit` operations of a model of an oracle, or (`null`) of all models, oldest first:
 * requests and payouts with what was paid, changes of terms with the new fee.
 */
export async function readOracleOperations(
  db: Queryable,
  scope: BlockRange & { readonly oracleNumber: number; readonly modelId: bigint | null },
  limit: number,
): Promise<AccountOperation[]> {
  const { oracleNumber, modelId, after, upTo } = scope;
  const part = (table: string, kind: string, amount: string) =>
    `(SELECT block_number, position, ${kind} AS kind, ${amount} AS amount, transaction_hash
      FROM ${table} WHERE contract_number = $1 AND id > $2 AND id <= $3
        AND ($4::numeric IS NULL OR model_id = $4) ORDER BY id DESC LIMIT $5)`;
  const parts = [
    part('oracle_request', "'request'", 'fee'),
    part('model_payout', "'payout'", 'amount'),
    part('model_change', "'model ' || kind", 'fee'),
  ];
  const rows = await readRows<Row>(
    db,
    'oracle_operations',
    `${parts.join(' UNION ALL ')} ORDER BY block_number DESC, position DESC LIMIT $5`,
    [
      oracleNumber,
      lastOperationId(oracleNumber, after),
      lastOperationId(oracleNumber, upTo),
      modelId,
      limit,
    ],
  );
  return rows.map(decode).sort(inOrder);
}

/** Transfers and writes of a token of a collection, oldest first; the amount is the token's id. */
export async function readCollectionOperations(
  db: Queryable,
  scope: BlockRange & { readonly collectionNumber: number; readonly tokenId: bigint },
  limit: number,
): Promise<AccountOperation[]> {
  const { collectionNumber, tokenId, after, upTo } = scope;
  const part = (table: string, kind: string) =>
    `(SELECT block_number, position, ${kind} AS kind, token_id AS amount, transaction_hash
      FROM ${table} WHERE collection_number = $1 AND token_id = $4 AND id > $2 AND id <= $3
      ORDER BY id DESC LIMIT $5)`;
  const parts = [part('aigc_transfer', "'transfer'"), part('aigc_data', 'event')];
  const rows = await readRows<Row>(
    db,
    'collection_operations',
    `${parts.join(' UNION ALL ')} ORDER BY block_number DESC, position DESC LIMIT $5`,
    [
      collectionNumber,
      lastOperationId(collectionNumber, after),
      lastOperationId(collectionNumber, upTo),
      String(tokenId),
      limit,
    ],
  );
  return rows.map(decode).sort(inOrder);
}

function decode(row: Row): AccountOperation {
  return {
    block: row.block_number,
    position: row.position,
    kind: row.kind,
    amount: BigInt(row.amount),
    transactionHash: optionalHex(row.transaction_hash),
  };
}

function inOrder(left: AccountOperation, right: AccountOperation): number {
  return left.block - right.block || left.position - right.position;
}

/** Claims and redemptions of the account; for the token, receipts and snapshots too. */
function readBooks(
  db: Queryable,
  { bookNumbers, account, after, upTo }: AccountOperationScope,
  limit: number,
): Promise<Row[]> {
  const inBook = (book: string, table: string, amount: string, condition: string) =>
    `(SELECT o.block_number, o.position, '${table}' AS kind, o.${amount} AS amount,
        o.transaction_hash
      FROM keys k CROSS JOIN LATERAL (SELECT * FROM ${table}
        WHERE token_number = ${book} AND id > k.low AND id <= k.high
        AND ${condition} ORDER BY id DESC LIMIT $2) o)`;
  const ofHolder = '($1::bytea IS NULL OR holder = $1)';
  const ofToken = '$1::bytea IS NULL';
  return readByToken<Row, number>(db, {
    name: 'account_operations',
    keys: bookNumbers,
    tokenOf: (number) => number,
    shared: [account === null ? null : addressBytes(account), limit],
    columns: {
      low: { type: 'text', of: (number) => lastOperationId(number, after) },
      high: { type: 'text', of: (number) => lastOperationId(number, upTo) },
    },
    branch: (book, items) =>
      `WITH keys AS (SELECT * FROM ${items}) ${[
        inBook(book, 'claim', 'amount_wei', ofHolder),
        inBook(book, 'redemption', 'amount_wei', ofHolder),
        inBook(book, 'receipt', 'amount_wei', ofToken),
        inBook(book, 'snapshot', 'claimable_wei', ofToken),
      ].join(' UNION ALL ')}`,
    orderBy: 'block_number DESC, position DESC LIMIT $2',
  });
}

/** For an account, by the blocks in which its balance changed; for the token, mints and burns. */
async function readTransfers(
  db: Queryable,
  { tokenNumber, account, after, upTo }: AccountOperationScope,
  limit: number,
): Promise<Row[]> {
  let ranges = [[after, upTo] as const];
  if (account !== null) {
    const blocks = await readRows<{ readonly block_number: number }>(
      db,
      'account_blocks',
      `SELECT DISTINCT block_number FROM balance_checkpoint
       WHERE account = $1 AND token_number = $2 AND block_number > $3 AND block_number <= $4
       ORDER BY block_number DESC LIMIT $5`,
      [addressBytes(account), tokenNumber, after, upTo, limit],
    );
    ranges = blocks.map(({ block_number: block }) => [block - 1, block] as const);
  }
  return readRows<Row>(
    db,
    'account_transfers',
    `SELECT t.block_number, t.position, 'transfer' AS kind, t.amount, t.transaction_hash
     FROM unnest($1::text[], $2::text[]) AS k(low, high)
     CROSS JOIN LATERAL (
       SELECT * FROM transfer
       WHERE token_number = $5 AND id > k.low AND id <= k.high AND ("from" = $3 OR "to" = $3)
       ORDER BY id DESC LIMIT $4
     ) t
     ORDER BY t.block_number DESC, t.position DESC LIMIT $4`,
    [
      ranges.map(([low]) => lastOperationId(tokenNumber, low)),
      ranges.map(([, high]) => lastOperationId(tokenNumber, high)),
      addressBytes(account ?? ZERO_ADDRESS),
      limit,
      tokenNumber,
    ],
  );
}
