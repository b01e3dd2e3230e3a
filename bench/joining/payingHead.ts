import { setTimeout as delay } from 'node:timers/promises';
import { defaultAccounts } from '../../devnet/actors.js';
import type { Anvil } from '../../devnet/anvil.js';
import { sendTransaction } from '../../devnet/chain.js';
import { deployWindowed } from '../../devnet/deploy.js';

const BLOCK_MS = 50;

/** A chain with a payment to a token in each of 20 blocks a second, and when each was mined. */
export class PayingHead {
  /** Milliseconds from a block, announced when the next one is mined, to its commit. */
  readonly lags: number[] = [];
  private readonly minedAt = new Map<number, number>();
  private readonly stopping = new AbortController();
  private paying: Promise<void> = Promise.resolve();

  private constructor(
    private readonly chain: Anvil,
    readonly token: string,
    private readonly payer: string,
  ) {}

  static async start(chain: Anvil): Promise<PayingHead> {
    const accounts = await defaultAccounts(chain);
    const [founder = '', payer = ''] = accounts.slice(2);
    const token = await deployWindowed(chain, 'RevShareWindowedSeconds', {
      ...{ from: founder, name: 'Live', symbol: 'LIVE', supply: 1000n },
      ...{ percentClaimable: 80, window: 2, snapshotInterval: 10 },
    });
    const head = new PayingHead(chain, token.address, payer);
    head.paying = head.pay();
    return head;
  }

  /** Blocks up to this one are committed. */
  committed(block: number): void {
    for (const [mined, at] of this.minedAt) {
      if (mined > block) continue;
      this.lags.push(performance.now() - at);
      this.minedAt.delete(mined);
    }
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.paying;
  }

  private async pay(): Promise<void> {
    const { chain, payer, token, minedAt, stopping } = this;
    let next = performance.now();
    while (!stopping.signal.aborted) {
      await sendTransaction(chain, { from: payer, to: token, valueWei: 1n, gas: 100_000n });
      minedAt.set(Number(await chain.rpc.call<string>('eth_blockNumber')) - 1, performance.now());
      next = Math.max(next + BLOCK_MS, performance.now());
      await delay(next - performance.now());
    }
  }
}
