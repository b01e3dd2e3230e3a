import { type Address, addressFromBytes } from '../../../address.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';
import { contractsSql, isNotBurnedSql } from './accountKinds.js';

/** A token of a chain. */
interface TokenOfChain {
  readonly chainId: number;
  readonly tokenNumber: number;
}

/**
 * How many of the accounts that are contracts now held a token at the end of each of some blocks, in ascending
 * order. Reads only where a contract began or ceased to hold: the index of checkpoints of 0 finds the ends.
 */
export async function countContractHolders(
  db: Queryable,
  { chainId, tokenNumber }: TokenOfChain,
  blocks: readonly number[],
): Promise<number[]> {
  const checkpoints = (account: string, after: string, balance: string) =>
    `(SELECT block_number, "interval" FROM balance_checkpoint b
      WHERE b.account = ${account} AND b.token_number = $2 AND b.block_number <= $4
        AND ${after} AND b.balance ${balance}
      ORDER BY block_number, "interval" LIMIT 1)`;
  const later = '(b.block_number, b."interval") > (s.block_number, s."interval")';
  const rows = await readRows<{ readonly place: string | number; readonly change: string }>(
    db,
    'contract_holders',
    `WITH RECURSIVE contracts AS MATERIALIZED (
       SELECT h.account FROM (${contractsSql('$1')}) k
       JOIN holder h ON h.token_number = $2 AND h.account = k.address
       WHERE ${isNotBurnedSql('h.account')}
     ), step AS (
       SELECT c.account, n.block_number, n."interval", true AS holds
       FROM contracts c CROSS JOIN LATERAL ${checkpoints('c.account', 'true', '> 0')} n
       UNION ALL
       SELECT s.account, n.block_number, n."interval", NOT s.holds
       FROM step s CROSS JOIN LATERAL (
         ${checkpoints('s.account', `s.holds AND ${later}`, '= 0')}
         UNION ALL ${checkpoints('s.account', `NOT s.holds AND ${later}`, '> 0')}
       ) n
     )
     SELECT width_bucket(block_number, $3::bigint[]) AS place,
       sum(CASE WHEN holds THEN 1 ELSE -1 END) AS change
     FROM step GROUP BY 1 ORDER BY 1`,
    [chainId, tokenNumber, blocks.map((block) => block + 1), blocks.at(-1) ?? -1],
  );
  const changes = new Map(rows.map(({ place, change }) => [Number(place), Number(change)]));
  let count = 0;
  return blocks.map((_, index) => {
    count += changes.get(index) ?? 0;
    return count;
  });
}

/** The accounts that are contracts now and ever held a token up to a block, in their order. */
export async function readContractsHolding(
  db: Queryable,
  { chainId, tokenNumber }: TokenOfChain,
  block: number,
): Promise<Address[]> {
  const rows = await readRows<{ readonly account: Buffer }>(
    db,
    'contracts_holding',
    `SELECT h.account FROM (${contractsSql('$1')}) k
     JOIN holder h ON h.token_number = $2 AND h.account = k.address
     WHERE EXISTS (SELECT FROM balance_checkpoint b
       WHERE b.account = h.account AND b.token_number = $2 AND b.block_number <= $3)
     ORDER BY h.account`,
    [chainId, tokenNumber, block],
  );
  return rows.map(({ account }) => addressFromBytes(account));
}

/** How many accounts of a chain have been read. */
export async function countRead(db: Queryable, chainId: number): Promise<number> {
  const [row] = await readRows<{ readonly count: string | number }>(
    db,
    'accounts_read',
    'SELECT count(*) AS count FROM account_code WHERE chain_id = $1 AND code IS NOT NULL',
    [chainId],
  );
  return Number(row?.count ?? 0);
}
