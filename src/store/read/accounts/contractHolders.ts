import { type Address, addressFromBytes } from '../../../address.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';
import { contractsSql } from './accountKinds.js';
import type { TokenOfChain } from './contractSteps.js';

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
