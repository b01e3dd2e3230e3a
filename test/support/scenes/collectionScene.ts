import { hexlify, keccak256, toUtf8Bytes } from 'ethers';
import { defaultAccounts } from '../../../devnet/actors.js';
import { execute } from '../../../devnet/chain.js';
import {
  type DeployedContract,
  deployContract,
  deploySplitter,
  deployWindowed,
  encodeCall,
} from '../../../devnet/deploy.js';
import { freshDatabase } from '../databases/postgres.js';
import { type Anvil, startAnvil } from '../nodes/anvil.js';
import { indexTo } from '../programs/indexer.js';

/** Text as the bytes of a prompt. */
export const text = (words: string) => hexlify(toUtf8Bytes(words));

/** The token id of a prompt. */
export const idOf = (prompt: string) => BigInt(keccak256(prompt));

/** A revenue token, a splitter that gives it half, and who plays. */
export class CollectionScene {
  readonly collections: DeployedContract[] = [];

  private constructor(
    readonly chain: Anvil,
    readonly token: DeployedContract,
    readonly splitter: DeployedContract,
    readonly founder: string,
    readonly alice: string,
    readonly bob: string,
  ) {}

  static async start(): Promise<CollectionScene> {
    const chain = await startAnvil({ genesisTimestamp: 1_750_000_000 });
    const [founder = '', alice = '', bob = ''] = await defaultAccounts(chain);
    const token = await deployWindowed(chain, 'RevShareWindowedSeconds', {
      from: founder,
      name: 'Model',
      symbol: 'MDL',
      supply: 1000n,
      percentClaimable: 80,
      snapshotInterval: 10,
    });
    const receivers = [token.address, `0x${'5e'.repeat(20)}`];
    const splitter = await deploySplitter(chain, receivers, { from: founder });
    return new CollectionScene(chain, token, splitter, founder, alice, bob);
  }

  /** Deploys a collection, which will be indexed. */
  async collection(
    name: string,
    args: readonly unknown[],
    valueWei = 0n,
  ): Promise<DeployedContract> {
    const contract = await this.deploy(name, args, valueWei);
    this.collections.push(contract);
    return contract;
  }

  deploy(name: string, args: readonly unknown[], valueWei = 0n): Promise<DeployedContract> {
    return deployContract(this.chain, name, args, { from: this.founder, valueWei });
  }

  /** A transaction in a block of its own; returns the number of the block. */
  async call(
    from: string,
    contract: DeployedContract,
    name: string,
    args: readonly unknown[],
    valueWei = 0n,
  ): Promise<number> {
    const data = encodeCall(contract, name, args);
    const request = { from, to: contract.address, data, valueWei, gas: 12_000_000n };
    return Number((await execute(this.chain, request)).blockNumber);
  }

  /** Indexes everything into a new database. */
  async index(): Promise<string> {
    const databaseUrl = await freshDatabase();
    await indexTo({ ...this.request(), databaseUrl });
    return databaseUrl;
  }

  request() {
    return {
      chain: this.chain,
      tokens: [this.token.address],
      collections: this.collections.map(({ address }) => address),
    };
  }
}
