import { loadArtifact } from '../../../devnet/artifacts.js';
import type { TransactionRequest } from '../../../devnet/chain.js';
import {
  creationCode,
  type DeployedContract,
  deployContract,
  encodeCall,
} from '../../../devnet/deploy.js';
import { SeededRandom } from '../../../devnet/random.js';
import { ForkingChain } from '../faults/forkingChain.js';
import { ShuffleBag } from './bag.js';
import {
  deployLifePools,
  type LifePools,
  POOL_OPERATIONS,
  type PoolOperation,
  poolApprovals,
  poolOperation,
} from './lifePools.js';

const GAS = 15_000_000n;
const NATIVE = `0x${'0'.repeat(40)}`;
/** So many blocks follow the deployments that no fork takes them back. */
const BLOCKS_BEFORE = 60;
const FEED_DECIMALS = 8;
const DOLLAR = 10n ** 8n;
const PAYERS = 4;
const TRANSACTIONS_AT_MOST = 4;
/** A depositor of a billion of 10^24 units gets 800,000 wei. */
const PAYMENT_TO_POOLS = 10n ** 21n;
const SNAPSHOT_INTERVAL_SECONDS = 10;

/** What happens on the chain, besides the random operations of the offering. */
const CHAIN_EVENTS = [
  'token is created',
  'collection is created',
  'sale is created',
  'factory names no contract',
  'price round',
  'payment to a created token',
  'payment to a pooled token',
  ...POOL_OPERATIONS,
] as const;
type ChainEvent = (typeof CHAIN_EVENTS)[number];

/** A forking chain with an offering, on which a factory creates contracts and feeds publish prices. */
export class LifeChain {
  created = 0;
  /** What the factory created, or names; on a fork that is gone, maybe. */
  private readonly tokens: string[] = [];
  private readonly random: SeededRandom;
  /** What has happened. */
  readonly drawn: ShuffleBag<ChainEvent>;

  private constructor(
    readonly forking: ForkingChain,
    readonly factory: DeployedContract,
    readonly pools: LifePools,
    readonly feeds: readonly DeployedContract[],
    /** From here on everything that a config may name exists. */
    readonly begunBlock: number,
    seed: number,
  ) {
    this.random = new SeededRandom(`created ${seed}`);
    this.drawn = new ShuffleBag(this.random, CHAIN_EVENTS);
  }

  static async start(
    seed: number,
    finality: number,
    operationsBefore?: number,
  ): Promise<LifeChain> {
    const forking = await ForkingChain.start(seed, finality, [], { operationsBefore });
    const { node, offering } = forking;
    const { blocks, accounts } = offering.world;
    const from = { from: String(accounts[0]) };
    const factory = await deployContract(node, 'ContractFactory', [], from);
    const feeds = [];
    for (const name of ['ETH / USD', 'ETH / EUR']) {
      feeds.push(await deployContract(node, 'PriceAggregator', [FEED_DECIMALS, name], from));
    }
    const owner = String(accounts[0]);
    const pools = await deployLifePools(node, owner);
    const chain = new LifeChain(forking, factory, pools, feeds, factory.deploymentBlock, seed);
    await blocks.catchUp();
    await chain.mine(poolApprovals(pools, owner));
    // A factory that names no contract at all would be refused.
    await chain.mine([chain.tokenCreation(), chain.collectionCreation(), chain.saleCreation()]);
    await blocks.skip(BLOCKS_BEFORE);
    await chain.grow(1);
    return chain;
  }

  /** Those who pay tokens, and may have a label. */
  get payers(): string[] {
    const { router, splitter, accounts } = this.forking.offering.world;
    return [router.address, splitter.address, ...accounts.slice(0, PAYERS)];
  }

  /** Some blocks: what the factory creates, payments, rounds of prices, pools, and random operations. */
  async grow(operations: number): Promise<void> {
    const { random, forking } = this;
    await forking.offering.world.blocks.catchUp();
    const count = random.integer(1, TRANSACTIONS_AT_MOST);
    await this.mine(Array.from({ length: count }, () => this.transactionOf(this.drawn.draw())));
    await forking.grow(operations);
  }

  /** A snapshot that assigns something also to those who have few units in pools: the supply is large. */
  async assignToPools(): Promise<void> {
    const { blocks } = this.forking.offering.world;
    const { token } = this.pools;
    await blocks.catchUp();
    await this.mine([{ ...this.payment(token.address), valueWei: PAYMENT_TO_POOLS }]);
    await blocks.skip(1, SNAPSHOT_INTERVAL_SECONDS + 1);
    await this.mine([this.call(token, 'snapshot', [])]);
  }

  /** Empty blocks, until every config calls final what is there now. */
  async settle(blocks: number): Promise<number> {
    await this.forking.offering.world.blocks.catchUp();
    await this.forking.offering.world.blocks.skip(blocks);
    return this.forking.settle();
  }

  private async mine(transactions: readonly TransactionRequest[]): Promise<void> {
    const receipts = await this.forking.offering.world.blocks.mine(transactions);
    for (const { logs } of receipts) this.note(logs);
  }

  private transactionOf(event: ChainEvent): TransactionRequest {
    const { random, feeds, account, pools } = this;
    switch (event) {
      case 'token is created':
        return this.tokenCreation();
      case 'collection is created':
        return this.collectionCreation();
      case 'sale is created':
        return this.saleCreation();
      case 'factory names no contract':
        return this.call(this.factory, 'announceToken', [account]);
      case 'price round': {
        const price = DOLLAR * BigInt(random.integer(1_000, 3_000));
        return this.call(random.pick(feeds), 'submit', [price]);
      }
      case 'payment to a created token':
        return this.payment(this.drawToken());
      case 'payment to a pooled token':
        return this.payment(pools.token.address);
      default:
        return this.poolOperation(event);
    }
  }

  private payment(to: string): TransactionRequest {
    const from = this.random.pick(this.payers.slice(2));
    return { from, to, valueWei: BigInt(this.random.integer(1, 1_000_000)), gas: GAS };
  }

  private poolOperation(operation: PoolOperation): TransactionRequest {
    const { random, pools, account } = this;
    const someone = () => random.pick(this.payers.slice(2));
    return poolOperation(pools, operation, account, { random, someone });
  }

  private tokenCreation(): TransactionRequest {
    const code = creationCode('RevShareWindowedSeconds', ['Made', 'MADE', 1000n, 80, 2, 10]);
    return { ...this.call(this.factory, 'createToken', [code, this.salt()]), valueWei: 5n };
  }

  private collectionCreation(): TransactionRequest {
    const terms = ['Verses', 'VRS', 4, this.drawToken(), 50n];
    const code = creationCode('AigcCollection', terms);
    return this.call(this.factory, 'createCollection', [code, this.salt()]);
  }

  private saleCreation(): TransactionRequest {
    const sold = this.drawToken();
    const code = creationCode('FixedPriceSale', [sold, NATIVE, 2n, this.account]);
    return this.call(this.factory, 'createSale', [code, this.salt(), sold]);
  }

  private call(contract: DeployedContract, name: string, args: readonly unknown[]) {
    const data = encodeCall(contract, name, args);
    return { from: this.account, to: contract.address, gas: GAS, data };
  }

  private get account(): string {
    return String(this.forking.offering.world.accounts[0]);
  }

  private drawToken(): string {
    return this.random.pick([this.forking.offering.saleToken.address, ...this.tokens]);
  }

  private salt(): string {
    return `0x${(this.created++).toString(16).padStart(64, '0')}`;
  }

  private note(
    logs: readonly { address: string; topics: readonly string[]; data: string }[],
  ): void {
    const { interface: events } = loadArtifact('ContractFactory');
    for (const log of logs) {
      if (log.address.toLowerCase() !== this.factory.address) continue;
      const event = events.parseLog(log);
      if (event?.name === 'TokenCreated') this.tokens.push(String(event.args[0]).toLowerCase());
    }
  }
}
