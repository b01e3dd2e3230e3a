import type { ClientBase } from 'pg';
import { TABLES } from '../../model/tables/index.js';
import { TRANSFER } from '../../model/tables/transfer.js';
import { TABLE_KINDS } from '../distributed/tableKinds.js';
import { lastOperationId } from '../ids.js';
import { readOfTokens } from '../read/query/byToken.js';
import { rollBackDays } from './days/rollBackDays.js';

const BY_BLOCK = TABLES.filter(({ isByBlock }) => isByBlock);
const isLarge = ({ name }: { readonly name: string }) => TABLE_KINDS.get(name) === 'distributed';

/** The large tables: a cluster keeps the rows of a number on one node. */
const LARGE = BY_BLOCK.filter(isLarge);
/** The others: a cluster has them on every node. */
const SMALL = BY_BLOCK.filter((table) => !isLarge(table));

/**
 * Deletes rows of the numbered books above a block, inside the caller's transaction, and lists their accounts in the
 * table `rolled_back`. Few books have rows in the few blocks of a reorg: these are found first, and then each has
 * statements of its own.
 *
 * @returns the number of operations among them
 */
export async function takeBackRows(
  client: ClientBase,
  contractNumbers: readonly number[],
  height: number,
): Promise<number> {
  // Several contracts may be rolled back in one transaction.
  await client.query('DROP TABLE IF EXISTS pg_temp.rolled_back');
  await client.query(
    'CREATE TEMP TABLE rolled_back (token_number integer, account bytea) ON COMMIT DROP',
  );
  let operations = 0;
  for (const number of await numbersAbove(client, contractNumbers, height)) {
    operations += await takeBackOf(client, number, lastOperationId(number, height));
  }
  // Ids sort by block, so each owner's rows to delete are one range of the key.
  const lastIds = contractNumbers.map((owner) => lastOperationId(owner, height));
  for (const { name: table, owner, isHashed } of SMALL) {
    const { rowCount } = await client.query(
      `DELETE FROM ${table} USING unnest($1::integer[], $2::text[]) AS gone (number, above)
       WHERE ${owner} = gone.number AND id > gone.above`,
      [contractNumbers, lastIds],
    );
    // Proofs of final blocks are not operations.
    if (isHashed) operations += rowCount ?? 0;
  }
  await rollBackDays(client, contractNumbers, height);
  await client.query(
    'DELETE FROM code_rehearsal WHERE token_number = ANY($1) AND block_number > $2',
    [contractNumbers, height],
  );
  await client.query(
    'DELETE FROM snapshot_proof WHERE token_number = ANY($1) AND block_number > $2',
    [contractNumbers, height],
  );
  return operations;
}

/** Which of the numbered books have rows in a large table above a block, in ascending order. */
async function numbersAbove(
  client: ClientBase,
  numbers: readonly number[],
  height: number,
): Promise<number[]> {
  const rows = await readOfTokens<{ number: number }, number>(client, {
    name: 'numbers_above',
    keys: numbers,
    tokenOf: (number) => number,
    columns: { above: { type: 'text', of: (number) => lastOperationId(number, height) } },
    branch: (token, keys) =>
      LARGE.map(
        ({ name, owner }) => `SELECT ${token} AS number FROM ${keys} CROSS JOIN LATERAL (
          SELECT 1 FROM ${name} WHERE ${owner} = ${token} AND id > k.above LIMIT 1) AS one`,
      ).join(' UNION ALL '),
  });
  return [...new Set(rows.map(({ number }) => number))].sort((a, b) => a - b);
}

/** Deletes the rows of one number in the large tables. */
async function takeBackOf(client: ClientBase, number: number, above: string): Promise<number> {
  await client.query(LIST_ACCOUNTS, [number, above]);
  const { rows } = await client.query<{ operations: number }>(TAKE_BACK, [number, above]);
  return rows[0]?.operations ?? 0;
}

/** A balance changes with a transfer only, and sums of payments with a claim or a redemption. */
const LIST_ACCOUNTS = `INSERT INTO rolled_back (token_number, account)
  SELECT $1::integer, account FROM (
    SELECT "from" AS account FROM transfer WHERE token_number = $1 AND id > $2
    UNION SELECT "to" FROM transfer WHERE token_number = $1 AND id > $2
    UNION SELECT holder FROM claim WHERE token_number = $1 AND id > $2
    UNION SELECT holder FROM redemption WHERE token_number = $1 AND id > $2) AS touched`;

/** The key of a checkpoint begins with the account: it is found by the transfer that made it. */
const TAKE_BACK = `WITH
  ${LARGE.map(({ name, owner }) => {
    const returned = name === TRANSFER.name ? 'block_number, "from", "to"' : '1';
    return `gone_${name} AS (
      DELETE FROM ${name} WHERE ${owner} = $1 AND id > $2 RETURNING ${returned})`;
  }).join(',\n  ')},
  touched AS (
    SELECT "from" AS account, block_number FROM gone_transfer
    UNION SELECT "to", block_number FROM gone_transfer),
  gone_checkpoint AS (
    DELETE FROM balance_checkpoint b USING touched
    WHERE b.account = touched.account AND b.token_number = $1
      AND b.block_number = touched.block_number)
  SELECT (${LARGE.filter(({ isHashed }) => isHashed)
    .map(({ name }) => `(SELECT count(*) FROM gone_${name})`)
    .join(' + ')})::integer AS operations`;
