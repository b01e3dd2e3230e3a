import { UINT256_MAX } from '../../../ledger/rate.js';

/**
 * `snapshotShareWei` of the ledger in SQL: `balance * CA[id] // supplyAt(id)` of a `snapshot`, 0
 * where the product exceeds 256 bits and the contract reverts, NULL where there was no supply.
 */
export function shareSql(balance: string, snapshot = 's'): string {
  return `CASE WHEN ${balance} * ${snapshot}.claimable_wei <= ${UINT256_MAX}
    THEN div(${balance} * ${snapshot}.claimable_wei, nullif(${snapshot}.supply, 0)) ELSE 0 END`;
}
