import { setTimeout as delay } from 'node:timers/promises';
import { defaultAccounts } from '../../devnet/actors.js';
import type { Anvil } from '../../devnet/anvil.js';
import { mineBlock, sendTransaction, setAutomine } from '../../devnet/chain.js';
import { type DeployedContract, deployWindowed, encodeCall } from '../../devnet/deploy.js';
import { toQuantity } from '../../devnet/rpc.js';

const HOLDERS = 200;
const GAS = 90_000_000n;

/** A token with many transfers in each block, at a fixed pace. */
export class TickingChain {
  private seed = 1;

  private constructor(
    private readonly chain: Anvil,
    private readonly contract: DeployedContract,
    private readonly owner: string,
  ) {}

  static async start(chain: Anvil): Promise<TickingChain> {
    const [owner = ''] = await defaultAccounts(chain);
    const contract = await deployWindowed(chain, 'RevShareBench', {
      from: owner,
      ...{ name: 'Head', symbol: 'HEAD', supply: 10n ** 27n },
      ...{ percentClaimable: 80, snapshotInterval: 12 },
    });
    await setAutomine(chain, false);
    const ticking = new TickingChain(chain, contract, owner);
    await ticking.send('benchDistribute', [0, HOLDERS - 1]);
    await mineBlock(chain);
    return ticking;
  }

  get token(): string {
    return this.contract.address;
  }

  /**
   * Mines blocks, each when its time has come.
   *
   * @param onBlock its height, when the node has it
   */
  async tick(
    { blocks, blockMs, operations }: { blocks: number; blockMs: number; operations: number },
    onBlock: (height: number) => void,
  ): Promise<void> {
    const { chain } = this;
    let height = Number(await chain.rpc.call<string>('eth_blockNumber'));
    let next = performance.now();
    for (let count = 0; count < blocks; count++) {
      await this.send('benchTransfers', [this.seed++, operations, HOLDERS]);
      next = Math.max(next + blockMs, performance.now());
      await delay(next - performance.now());
      await mineBlock(chain);
      onBlock(++height);
    }
  }

  private async send(name: string, args: readonly unknown[]): Promise<void> {
    const { chain, owner, contract } = this;
    await chain.rpc.call('anvil_setBalance', [owner, toQuantity(10n ** 24n)]);
    const data = encodeCall(contract, name, [...args]);
    await sendTransaction(chain, { from: owner, to: contract.address, data, gas: GAS });
  }
}
