/**
 * SQL of the block at whose end the books of a held contract end; `null`: it is not held.
 *
 * @param contract name of a row with `chain_id` and `address`
 */
export function heldBlockSql(contract: string): string {
  return `(SELECT held.last_block FROM contract_hold held
    WHERE held.chain_id = ${contract}.chain_id AND held.address = ${contract}.address)`;
}

/** When the books of a contract end; both are `null` while they continue. */
export interface BooksEnd {
  /** The block at whose end the books end, since the config no longer names the contract. */
  readonly archivedBlock: number | null;
  /** The newest block at whose end the books are right, since the contract is held. */
  readonly heldBlock: number | null;
}
