import { defaultAccounts } from '../../../devnet/actors.js';
import { execute, mineBlocks } from '../../../devnet/chain.js';
import {
  type DeployedContract,
  deployContract,
  deployWindowed,
  encodeCall,
} from '../../../devnet/deploy.js';
import { deployOracle, modelAsk, modelUpload } from '../../../devnet/oracleContracts.js';
import { deployOverflow } from '../../../devnet/saleContracts.js';
import type { SaleConfig } from '../../../src/config/sales/sales.js';
import { freshDatabase } from '../databases/postgres.js';
import { type Anvil, startAnvil } from '../nodes/anvil.js';
import { type IndexRequest, indexTo } from '../programs/indexer.js';
import { text } from './collectionScene.js';
import { saleConfig } from './saleConfig.js';

/** Two tokens, a collection and an oracle that pay the first one, a sale of it, and a payer. */
export class JoiningScene {
  private prompts = 0;

  private constructor(
    readonly chain: Anvil,
    readonly accounts: { founder: string; alice: string; payer: string },
    readonly first: DeployedContract,
    readonly second: DeployedContract,
    readonly cats: DeployedContract,
    readonly oracle: DeployedContract,
    readonly overflow: DeployedContract,
  ) {}

  static async start(): Promise<JoiningScene> {
    const chain = await startAnvil({ genesisTimestamp: 1_750_000_000 });
    const [founder = '', alice = '', payer = ''] = await defaultAccounts(chain);
    const from = founder;
    const token = (symbol: string) =>
      deployWindowed(chain, 'RevShareWindowedSeconds', {
        ...{ from, name: symbol, symbol, supply: 1000n },
        ...{ percentClaimable: 80, window: 2, snapshotInterval: 1 },
      });
    const first = await token('ONE');
    const second = await token('TWO');
    const cats = await deployContract(
      chain,
      'AigcCollection',
      ['Cats', 'CAT', 4, first.address, 60],
      { from },
    );
    const oracle = await deployOracle(chain, { from });
    const money = await deployContract(chain, 'PlainToken', ['Dollar', 'USD', 10n ** 9n], { from });
    const overflow = await deployOverflow(chain, {
      ...{ from, token: first.address, raiseAsset: money.address },
      ...{ target: 100n, tokensForSale: 50n, endTime: 2_850_000_000 },
    });
    const scene = new JoiningScene(
      ...([chain, { founder, alice, payer }, first, second] as const),
      ...([cats, oracle, overflow] as const),
    );
    await scene.call(money, 'approve', [overflow.address, 10n ** 9n]);
    const terms = { modelId: 11n, fee: 1000n, receiver: first.address, receiverPercentage: 70n };
    await scene.send(oracle, modelUpload(oracle, 'uploadModel', terms));
    await scene.live();
    return scene;
  }

  send({ address: to }: DeployedContract, data: string, valueWei = 0n, from?: string) {
    const sender = from ?? this.accounts.founder;
    return execute(this.chain, { from: sender, to, data, valueWei, gas: 5_000_000n });
  }

  call(
    contract: DeployedContract,
    name: string,
    args: unknown[] = [],
    valueWei = 0n,
    from?: string,
  ) {
    return this.send(contract, encodeCall(contract, name, args), valueWei, from);
  }

  /** Something of everything: about a dozen blocks. */
  async live(): Promise<void> {
    const { founder, alice, payer } = this.accounts;
    const { first, second, cats, oracle } = this;
    for (const token of [first, second]) {
      await this.call(token, 'transfer', [alice, 7n]);
      await execute(this.chain, { from: payer, to: token.address, valueWei: 1_000n });
    }
    await this.call(cats, 'mint', [alice, text(`prompt ${this.prompts++}`)], 100n, alice);
    await this.send(oracle, modelAsk(oracle, { modelId: 11n, input: '0x12' }), 10n ** 15n);
    await this.call(this.overflow, 'deposit', [5n]);
    await this.call(oracle, 'claimModelRevenue', [11n]);
    await mineBlocks(this.chain, 2, 5);
    for (const token of [first, second]) await this.call(token, 'snapshot');
    await execute(this.chain, { from: founder, to: second.address, valueWei: 300n });
  }

  /** The whole manifest. */
  request(databaseUrl: string): IndexRequest & { sales: readonly SaleConfig[] } {
    return {
      chain: this.chain,
      databaseUrl,
      tokens: [this.first.address, this.second.address],
      collections: [this.cats.address],
      oracles: [{ address: this.oracle.address }],
      sales: [saleConfig({ kind: 'custom', contract: this.overflow }, this.first)],
      labels: [{ address: this.accounts.payer, name: 'payer' }],
      finality: 4,
    };
  }

  /** A new database with an index of a manifest from the start. */
  async fresh(more: Partial<IndexRequest> = {}): Promise<string> {
    const databaseUrl = await freshDatabase();
    await indexTo({ ...this.request(databaseUrl), ...more });
    return databaseUrl;
  }
}
