import { functions } from '../../abi/erc7641.js';
import type { Address } from '../../address.js';
import type { UnsentTransaction } from '../../chain/dryRun.js';
import type { Hex } from '../../store/read/query/decode.js';
import { callLink } from './holderTransaction.js';

/** A transaction that claims, ready to be signed by the holder. */
export interface ClaimTransaction extends UnsentTransaction {
  readonly chainId: number;
  readonly method: 'CLAIM' | 'CLAIM_BATCH';
  readonly data: Hex;
  readonly snapshotIds: readonly number[];
}

/** So many claims of 60,000 to 90,000 gas each fit into the blocks of every chain. */
const CLAIMS_PER_BATCH = 50;

/** Whose claims of what. */
export interface ClaimCall {
  readonly chainId: number;
  readonly holder: Address;
  readonly token: Address;
}

/**
 * The fewest transactions that claim these snapshots, in their order: `claimBatch` where the
 * contract is known to have it, else one `claim` for each.
 */
export function claimTransactions(
  call: ClaimCall,
  snapshotIds: readonly number[],
  hasClaimBatch: boolean,
): ClaimTransaction[] {
  const size = hasClaimBatch ? CLAIMS_PER_BATCH : 1;
  const transactions: ClaimTransaction[] = [];
  for (let start = 0; start < snapshotIds.length; start += size) {
    transactions.push(transactionOf(call, snapshotIds.slice(start, start + size)));
  }
  return transactions;
}

function transactionOf(
  { chainId, holder, token }: ClaimCall,
  snapshotIds: readonly number[],
): ClaimTransaction {
  const [first = 0] = snapshotIds;
  const isSingle = snapshotIds.length === 1;
  const data = isSingle
    ? functions.claim.encode({ snapshotId: BigInt(first) })
    : functions.claimBatch.encode({ snapshotIds: snapshotIds.map(BigInt) });
  return {
    chainId,
    from: holder,
    to: token,
    method: isSingle ? 'CLAIM' : 'CLAIM_BATCH',
    data: data as Hex,
    valueWei: 0n,
    snapshotIds,
  };
}

/**
 * A link that opens a wallet with the claim of one snapshot (EIP-681). Its grammar has no arrays,
 * so a `claimBatch` is as many links as it has snapshots.
 */
export function claimLink(call: Omit<ClaimCall, 'holder'>, snapshotId: number): string {
  return callLink(call, `claim?uint256=${snapshotId}`);
}
