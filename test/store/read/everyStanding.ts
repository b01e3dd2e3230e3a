import type { Address } from '../../../src/address.js';
import type { AsOf } from '../../../src/store/read/chains/asOf.js';
import { readEntitlements } from '../../../src/store/read/entitlements/entitlements.js';
import { readHolderAccounts } from '../../../src/store/read/holders/holderAccounts.js';
import type { Queryable } from '../../../src/store/read/query/queryable.js';
import type { TokenRecord } from '../../../src/store/read/tokens/tokens.js';

/** What a holder has, was paid and can claim, as the ledger computes it. */
export interface Standing {
  readonly account: Address;
  readonly balance: bigint;
  readonly claimableWei: bigint;
  readonly claimedWei: bigint;
  readonly redeemedWei: bigint;
}

/** Everybody who held a token up to a block, in the order of accounts: what lists of holders are compared with. */
export async function everyStanding(
  db: Queryable,
  token: TokenRecord,
  { block }: Pick<AsOf, 'block'>,
): Promise<Standing[]> {
  const accounts = await readHolderAccounts(db, { tokenNumber: token.number, block }, null, 10_000);
  const keys = accounts.map((account) => ({ token, account, block }));
  const entitlements = await readEntitlements(db, keys);
  return entitlements.map(
    ({ balance, totalClaimableWei: claimableWei, claimedWei, redeemedWei }, index) => ({
      account: accounts[index] ?? '0x',
      ...{ balance, claimableWei, claimedWei, redeemedWei },
    }),
  );
}
