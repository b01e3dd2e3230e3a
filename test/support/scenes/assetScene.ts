import { defaultAccounts } from '../../../devnet/actors.js';
import { execute, latestBlock, mineBlock } from '../../../devnet/chain.js';
import {
  type DeployedContract,
  deployContract,
  deployRouter,
  encodeCall,
} from '../../../devnet/deploy.js';
import { type Anvil, startAnvil } from '../nodes/anvil.js';

/**
 * A token of 1000 units that shares a dollar in addition to ETH, with p = 80, W = 2 and an interval of
 * 10 s; the founder has 600 of it, the friend 400. Of wrapped ether, nothing is shared yet.
 */
export class AssetScene {
  private constructor(
    readonly chain: Anvil,
    readonly token: DeployedContract,
    readonly dollar: DeployedContract,
    readonly wrapped: DeployedContract,
    readonly router: DeployedContract,
    readonly founder: string,
    readonly friend: string,
    readonly payer: string,
  ) {}

  static async start(): Promise<AssetScene> {
    const chain = await startAnvil({ genesisTimestamp: 1_750_000_000 });
    const [founder = '', friend = '', payer = ''] = await defaultAccounts(chain);
    const from = founder;
    const asset = (name: string, symbol: string, decimals: number) =>
      deployContract(chain, 'RevenueAsset', [name, symbol, decimals], { from });
    const dollar = await asset('Dollar', 'USD', 6);
    const wrapped = await asset('Wrapped ether', 'WETH', 18);
    const args = ['Model', 'MDL', 1000n, 80, 2, 10, [dollar.address]];
    const token = await deployContract(chain, 'RevShareAltRev', args, { from });
    const router = await deployRouter(chain, { from });
    const scene = new AssetScene(chain, token, dollar, wrapped, router, founder, friend, payer);
    await scene.call(founder, 'transfer', [friend, 400n]);
    return scene;
  }

  /** A transaction to the token, in a block of its own. */
  call(from: string, name: string, args: unknown[] = []) {
    return this.send(from, this.token, name, args);
  }

  send(from: string, to: DeployedContract, name: string, args: unknown[] = []) {
    return execute(this.chain, { from, to: to.address, data: encodeCall(to, name, args) });
  }

  pay(valueWei: bigint) {
    return execute(this.chain, { from: this.payer, to: this.token.address, valueWei });
  }

  /** The payer gets an amount of an asset and sends it to the token. */
  async payIn(asset: DeployedContract, amount: bigint) {
    await this.send(this.payer, asset, 'mint', [this.payer, amount]);
    return this.send(this.payer, asset, 'transfer', [this.token.address, amount]);
  }

  async snapshot() {
    await this.wait();
    return this.call(this.founder, 'snapshot');
  }

  /** Lets the snapshot interval pass. */
  async wait(): Promise<void> {
    await mineBlock(this.chain, (await latestBlock(this.chain)).timestamp + 20);
  }

  /** One transaction of the router: calls in order. */
  route(steps: readonly [contract: DeployedContract, name: string, args: unknown[]][]) {
    const calls = steps.map(([contract, name, args]) => ({
      target: contract.address,
      value: 0n,
      data: encodeCall(contract, name, args),
      mayFail: false,
    }));
    return this.send(this.founder, this.router, 'execute', [calls]);
  }

  /** Revenue in all assets through all stages; docs/accounting.md has the same in one asset. */
  async liveThrough(): Promise<void> {
    await this.payIn(this.dollar, 1000n);
    await this.pay(100n);
    await this.snapshot();
    await this.call(this.founder, 'claim', [1n]);
    await this.payIn(this.dollar, 501n);
    await this.call(this.friend, 'burn', [100n]);
    await this.payIn(this.wrapped, 70n);
    await this.call(this.founder, 'addRevenueToken', [this.wrapped.address]);
    await this.snapshot();
    await this.call(this.friend, 'claim', [2n]);
  }
}
