import { type Address, addressFromBytes } from '../../address.js';
import { ImoError } from '../../errors.js';
import type { SqlClient } from '../database/sqlClient.js';

/** The tokens of a chain, in the order of their numbers. */
export interface TokensOfChain {
  readonly archived: readonly Address[];
  /** Their books continue. */
  readonly continuing: readonly Address[];
}

/** @throws ImoError `CHAIN_WITHOUT_TOKENS` */
export async function tokensOfChain(db: SqlClient, chainId: number): Promise<TokensOfChain> {
  const { rows } = await db.query<{ address: Buffer; is_archived: boolean }>(
    `SELECT address, archived_block IS NOT NULL AS is_archived FROM token
     WHERE chain_id = $1 ORDER BY number`,
    [chainId],
  );
  if (rows.length === 0) {
    throw new ImoError(
      'CHAIN_WITHOUT_TOKENS',
      `the database has no token of chain ${chainId}`,
      '`imo-ledger partition list` shows the tokens that it has, and those that are detached.',
    );
  }
  const addresses = (isArchived: boolean) =>
    rows
      .filter((row) => row.is_archived === isArchived)
      .map(({ address }) => addressFromBytes(address));
  return { archived: addresses(true), continuing: addresses(false) };
}
