import { execute, latestBlock, mineBlock, setAutomine } from '../../../devnet/chain.js';
import { type DeployedContract, deployContract, encodeCall } from '../../../devnet/deploy.js';
import { deployLaunchpad } from '../../../devnet/saleContracts.js';
import type { LivingSale } from '../../../devnet/saleWorld.js';
import type { SaleConfig } from '../../../src/config/sales/sales.js';
import { saleConfig } from './saleConfig.js';
import { Scene } from './scene.js';

/** Seconds from the deployment of the launchpad to its end. */
const WINDOW_SECONDS = 10_000;

export interface LaunchpadOptions {
  readonly target: bigint;
  readonly tokensForSale: bigint;
  /** Raise a new ERC-20, held by the founder. Default: ETH. */
  readonly inDollars?: boolean;
}

/** A scene that also has sales of its token. */
export class SaleScene {
  readonly sales: SaleConfig[] = [];
  endTime = 0;

  private constructor(
    readonly scene: Scene,
    readonly dollar: DeployedContract,
  ) {}

  static async start(): Promise<SaleScene> {
    const scene = await Scene.start();
    const { chain, founder } = scene;
    const dollar = await deployContract(chain, 'PlainToken', ['Dollar', 'USD', 10n ** 9n], {
      from: founder,
    });
    return new SaleScene(scene, dollar);
  }

  /** A launchpad with its tokens, open for deposits. */
  async launchpad({
    target,
    tokensForSale,
    inDollars = false,
  }: LaunchpadOptions): Promise<DeployedContract> {
    const { chain, founder, token } = this.scene;
    const { timestamp } = await latestBlock(chain);
    this.endTime = timestamp + WINDOW_SECONDS;
    const contract = await deployLaunchpad(chain, {
      from: founder,
      token: token.address,
      raiseAsset: inDollars ? this.dollar.address : null,
      target,
      tokensForSale,
      startTime: timestamp,
      endTime: this.endTime,
    });
    await this.add({ kind: 'launchpad', contract }, tokensForSale);
    return contract;
  }

  /** Indexes the sale from now on, and gives it tokens. */
  async add(sale: Pick<LivingSale, 'kind' | 'contract'>, tokens: bigint, raiseAsset?: string) {
    this.sales.push(saleConfig(sale, this.scene.token, raiseAsset ?? null));
    await this.scene.call(this.scene.founder, 'transfer', [sale.contract.address, tokens]);
  }

  call(from: string, sale: DeployedContract, name: string, args: unknown[] = [], valueWei = 0n) {
    return this.callData(from, sale, encodeCall(sale, name, args), valueWei);
  }

  /** A transaction with this call data, in a block of its own. */
  callData(from: string, { address: to }: DeployedContract, data: string, valueWei = 0n) {
    return execute(this.scene.chain, { from, to, data, valueWei });
  }

  /** Gives dollars to an account, and their use to the sale. */
  async lend(account: string, sale: DeployedContract, amount: bigint): Promise<void> {
    await this.call(this.scene.founder, this.dollar, 'transfer', [account, amount]);
    await this.call(account, this.dollar, 'approve', [sale.address, amount]);
  }

  /** An empty block at this second, counted from the end of the newest launchpad. */
  async blockAtEnd(offsetSeconds = 0): Promise<number> {
    const { chain } = this.scene;
    await setAutomine(chain, false);
    await mineBlock(chain, this.endTime + offsetSeconds);
    await setAutomine(chain, true);
    return (await latestBlock(chain)).number;
  }

  /** What the indexer is asked to do. */
  request(databaseUrl: string) {
    const { chain, token } = this.scene;
    return { chain, databaseUrl, tokens: [token.address], sales: this.sales };
  }
}
