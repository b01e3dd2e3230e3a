// SPDX-License-Identifier: GPL-3.0-or-later
import type { Chain } from './anvil.js';
import type { TransactionReceipt } from './chain.js';

const TRANSFER_TOPIC = '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef';
const SNAPSHOT_TOPIC = '0x8030e83b04d87bef53480e26263266d6ca66863aa8506aca6f2559d18aa1cb67';
const NOBODY = `0x${'0'.repeat(40)}`;

interface TokenPage {
  balances: Map<string, bigint>;
  lastSnapshotId: bigint;
}

/**
 * Balances and snapshot ids of the devnet's tokens, from their logs: only for choosing
 * operations that make sense. It is not the ledger and proves nothing.
 */
export class TokenBook {
  readonly #pages = new Map<string, TokenPage>();

  private constructor(addresses: readonly string[]) {
    for (const address of addresses) {
      this.#pages.set(address, { balances: new Map(), lastSnapshotId: 0n });
    }
  }

  /** A book of these tokens with all that they logged so far. @param addresses lower case */
  static async open(chain: Chain, addresses: readonly string[]): Promise<TokenBook> {
    const book = new TokenBook(addresses);
    const logs = await chain.rpc.call<TransactionReceipt['logs']>('eth_getLogs', [
      { address: addresses, fromBlock: '0x0', toBlock: 'latest' },
    ]);
    book.record([{ logs }]);
    return book;
  }

  /** Takes in the logs of the receipts, in their order. */
  record(receipts: readonly Pick<TransactionReceipt, 'logs'>[]): void {
    for (const log of receipts.flatMap((receipt) => receipt.logs)) {
      const page = this.#pages.get(log.address.toLowerCase());
      if (page === undefined) continue;
      const [topic, from = '', to = ''] = log.topics;
      if (topic === SNAPSHOT_TOPIC) page.lastSnapshotId = BigInt(log.data);
      if (topic !== TRANSFER_TOPIC) continue;
      const amount = BigInt(log.data);
      this.#add(page, addressOf(from), -amount);
      this.#add(page, addressOf(to), amount);
    }
  }

  balanceOf(token: string, account: string): bigint {
    return this.#page(token).balances.get(account) ?? 0n;
  }

  /** Id of the newest snapshot, 0 before the first. */
  lastSnapshotId(token: string): bigint {
    return this.#page(token).lastSnapshotId;
  }

  /** All addresses that ever held, or were sent 0 tokens, in the order of their appearance. */
  everHeld(token: string): string[] {
    return [...this.#page(token).balances.keys()];
  }

  #page(token: string): TokenPage {
    const page = this.#pages.get(token);
    if (page === undefined) throw new RangeError(`token ${token} is not followed`);
    return page;
  }

  #add(page: TokenPage, account: string, amount: bigint): void {
    if (account === NOBODY) return;
    page.balances.set(account, (page.balances.get(account) ?? 0n) + amount);
  }
}

function addressOf(topic: string): string {
  return `0x${topic.slice(26)}`;
}
