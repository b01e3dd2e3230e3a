import type { Address } from '../../address.js';
import type { ChainNode } from '../../chain/node.js';
import { RereadError } from '../../chain/reading/rereadError.js';
import { registryKey } from '../../store/booksKey.js';
import type { SqlClient } from '../../store/database/sqlClient.js';
import {
  readUntracedBalances,
  type UntracedBalance,
} from '../../store/read/operations/untracedReceipts.js';

/**
 * Checks money without a frame again when its block is final. Until then it is provisional: a
 * node under load may have answered with the balance of another block.
 */
export class ProvisionalReceipts {
  /**
   * @param chainId key of the books
   * @param isOwn whether the books have a token
   * @param checkedBlock up to which everything was checked, or was final when it was booked
   */
  constructor(
    private readonly node: ChainNode,
    private readonly chainId: number,
    private readonly isOwn: (token: Address) => boolean,
    private checkedBlock: number,
  ) {}

  /**
   * Compares the balances in the blocks with such money that become final.
   *
   * @throws RereadError if the chain has another balance, and those of `ChainNode`
   */
  async check(db: SqlClient, finalizedBlock: number): Promise<void> {
    const range = { after: this.checkedBlock, upTo: finalizedBlock };
    if (range.upTo <= range.after) return;
    for (const booked of await readUntracedBalances(db, registryKey(this.chainId), range)) {
      if (this.isOwn(booked.token)) await this.compare(booked);
    }
    this.checkedBlock = finalizedBlock;
  }

  private async compare({ token, asset, block, balanceWei }: UntracedBalance): Promise<void> {
    if ((await this.balanceAt(token, asset, block)) === balanceWei) return;
    this.node.distrust(asset === null ? 'eth_getBalance' : 'eth_call');
    const actualWei = await this.balanceAt(token, asset, block);
    if (actualWei === balanceWei) return;
    throw new RereadError(
      block,
      `${token} holds ${actualWei} at the final block ${block} where ${balanceWei} was booked, ` +
        'with money that no call frame shows',
    );
  }

  private async balanceAt(token: Address, asset: Address | null, block: number): Promise<bigint> {
    if (asset !== null) return this.node.assetBalance(asset, token, block);
    const [balanceWei = 0n] = await this.node.balances([{ address: token, block }]);
    return balanceWei;
  }
}
