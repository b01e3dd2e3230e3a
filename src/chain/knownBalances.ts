/** Balances that were read with the state of a block already, each for one question. */
export class KnownBalances {
  private readonly balances = new Map<string, bigint>();

  /** @param balanceWei at the end of the block */
  add(address: string, blockHash: string, balanceWei: bigint): void {
    if (this.balances.size >= REMEMBERED_AT_MOST) this.balances.clear();
    this.balances.set(keyOf(address, blockHash), balanceWei);
  }

  /** `undefined` if it is not known. Who asks again wants another answer. */
  take(address: string, blockHash: string): bigint | undefined {
    const key = keyOf(address, blockHash);
    const known = this.balances.get(key);
    this.balances.delete(key);
    return known;
  }
}

const REMEMBERED_AT_MOST = 50_000;

function keyOf(address: string, blockHash: string): string {
  return `${address.toLowerCase()} ${blockHash.toLowerCase()}`;
}
