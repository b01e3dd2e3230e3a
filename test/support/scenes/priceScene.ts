import { execute, latestBlock, mineBlock } from '../../../devnet/chain.js';
import { type DeployedContract, deployContract, encodeCall } from '../../../devnet/deploy.js';
import type { Address } from '../../../src/address.js';
import type { PriceFeedConfig } from '../../../src/config/contracts/prices.js';
import { freshDatabase, query } from '../databases/postgres.js';
import { type IndexRequest, indexTo } from '../programs/indexer.js';
import { Scene } from './scene.js';

/** One whole dollar in the answers of a feed with 8 decimals. */
export const DOLLAR = 10n ** 8n;

/** A token, and an aggregator of the price of ETH in dollars that has no round yet. */
export class PriceScene {
  private constructor(
    readonly scene: Scene,
    readonly aggregator: DeployedContract,
  ) {}

  static async start(): Promise<PriceScene> {
    const scene = await Scene.start();
    const aggregator = await deployAggregator(scene);
    return new PriceScene(scene, aggregator);
  }

  /** A round of the aggregator, in a block of its own. */
  submit(answer: bigint, aggregator = this.aggregator) {
    return execute(this.scene.chain, this.submission(answer, aggregator));
  }

  submission(answer: bigint, aggregator = this.aggregator) {
    const data = encodeCall(aggregator, 'submit', [answer]);
    return { from: this.scene.founder, to: aggregator.address, data };
  }

  submitAt(answer: bigint, updatedAt: number) {
    const data = encodeCall(this.aggregator, 'submitAt', [answer, updatedAt]);
    return execute(this.scene.chain, {
      from: this.scene.founder,
      to: this.aggregator.address,
      data,
    });
  }

  payment(valueWei: bigint) {
    return { from: this.scene.payer, to: this.scene.token.address, valueWei };
  }

  /** Lets so many seconds pass, up to an empty block. */
  async pass(seconds: number): Promise<void> {
    const { chain } = this.scene;
    await mineBlock(chain, (await latestBlock(chain)).timestamp + seconds);
  }

  /** An entry of `prices` for ETH in dollars. */
  feed(feed: Partial<PriceFeedConfig> = {}): PriceFeedConfig {
    return {
      asset: 'native',
      currency: 'USD',
      aggregator: this.aggregator.address as Address,
      startBlock: null,
      staleAfterSeconds: null,
      ...feed,
    };
  }

  /** What the indexer is asked to do. */
  request(databaseUrl: string, prices: readonly PriceFeedConfig[] = [this.feed()]): IndexRequest {
    const { chain, token } = this.scene;
    return { chain, databaseUrl, tokens: [token.address], prices };
  }

  /** Indexes into a new database and returns its URL. */
  async index(prices?: readonly PriceFeedConfig[]): Promise<string> {
    const databaseUrl = await freshDatabase();
    await indexTo(this.request(databaseUrl, prices));
    return databaseUrl;
  }
}

export function deployAggregator({ chain, founder }: Scene, decimals = 8, name = 'ETH / USD') {
  return deployContract(chain, 'PriceAggregator', [decimals, name], { from: founder });
}

/** Every round that is kept: feed, block, position, answer. */
export async function roundsIn(databaseUrl: string): Promise<string[]> {
  const rows = await query<{ line: string }>(
    databaseUrl,
    `SELECT concat_ws(' ', f.aggregator, r.block_number, r.position, r.round_id, r.answer,
       r.updated_at) AS line
     FROM price_round r JOIN price_feed f ON f.number = r.feed_number ORDER BY r.id`,
  );
  return rows.map(({ line }) => line);
}
