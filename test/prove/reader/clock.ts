import type { Chain } from '../../../devnet/anvil.js';

/** Blocks of a chain and their times, by the node alone. */
export class Clock {
  private readonly times = new Map<number, number>();

  constructor(
    private readonly chain: Chain,
    readonly head: number,
  ) {}

  /** Unix seconds. */
  async timeOf(block: number): Promise<number> {
    const known = this.times.get(block);
    if (known !== undefined) return known;
    const params = [`0x${block.toString(16)}`, false];
    const header = await this.chain.rpc.call<{ timestamp: string }>('eth_getBlockByNumber', params);
    const time = Number(header.timestamp);
    this.times.set(block, time);
    return time;
  }

  /** The newest block that is not later; -1: there is none. */
  async blockAt(time: number): Promise<number> {
    let below = -1;
    let above = this.head + 1;
    while (above - below > 1) {
      const middle = Math.floor((below + above) / 2);
      if ((await this.timeOf(middle)) <= time) below = middle;
      else above = middle;
    }
    return below;
  }
}
