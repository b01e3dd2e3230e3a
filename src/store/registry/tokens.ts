import type { Address } from '../../address.js';
import type { RevenuePolicy } from '../../ledger/policies/policy.js';
import type { ContractTerms } from '../../ledger/terms.js';
import { TOKEN, type TokenRow } from '../../model/tables/token.js';
import type { SqlClient } from '../database/sqlClient.js';
import { tokenId } from '../ids.js';
import { ensurePartitions } from '../partitions/ensurePartitions.js';
import { nextNumber } from './contracts.js';
import { insertRow } from './insertRow.js';

/** A token that is about to be indexed for the first time. */
export interface NewToken {
  readonly address: Address;
  readonly policy: RevenuePolicy;
  /** Terms of the first block. */
  readonly terms: ContractTerms;
  readonly startBlock: number;
  readonly name: string | null;
  readonly symbol: string | null;
  readonly decimals: number | null;
  readonly initialLastSnapshot: bigint | null;
}

/** Adds a token and returns its number, the next free one of the whole database. */
export async function insertToken(
  db: SqlClient,
  chainId: number,
  token: NewToken,
): Promise<number> {
  const number = await nextNumber(db);
  await ensurePartitions(db, number);
  const { policy, terms, ...facts } = token;
  await insertRow<TokenRow>(db, TOKEN, {
    ...facts,
    ...terms,
    id: tokenId(chainId, token.address),
    number,
    chainId,
    archivedBlock: null,
    policy: policy.name,
    policyParts: policy.parts,
  });
  return number;
}
