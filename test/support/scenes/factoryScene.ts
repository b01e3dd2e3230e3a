import { z } from 'zod';
import { defaultAccounts } from '../../../devnet/actors.js';
import { loadArtifact } from '../../../devnet/artifacts.js';
import { execute } from '../../../devnet/chain.js';
import {
  creationCode,
  type DeployedContract,
  deployContract,
  encodeCall,
} from '../../../devnet/deploy.js';
import type { Address } from '../../../src/address.js';
import { type FactoryConfig, factoryFields } from '../../../src/config/factories/factories.js';
import { type Anvil, startAnvil } from '../nodes/anvil.js';
import type { IndexRequest } from '../programs/indexer.js';

const GAS = 15_000_000n;
const NATIVE = `0x${'0'.repeat(40)}`;

/** A factory of tokens, collections and sales, and who plays with what it creates. */
export class FactoryScene {
  private constructor(
    readonly chain: Anvil,
    readonly factory: DeployedContract,
    readonly founder: string,
    readonly payer: string,
  ) {}

  static async start(): Promise<FactoryScene> {
    const chain = await startAnvil({ genesisTimestamp: 1_750_000_000 });
    const [founder = '', payer = ''] = await defaultAccounts(chain);
    const factory = await deployContract(chain, 'ContractFactory', [], { from: founder });
    return new FactoryScene(chain, factory, founder, payer);
  }

  /** The entries of a config that find what it creates. */
  get factories(): FactoryConfig[] {
    const { address: factory } = this.factory;
    const fields = z.object(factoryFields('.', z.int().nullish()));
    const { tokensFrom, collectionsFrom, salesFrom } = fields.parse({
      tokensFrom: [
        {
          factory,
          event: 'event TokenCreated(address indexed token, address creator)',
          field: 'token',
        },
      ],
      collectionsFrom: [
        { factory, event: 'event CollectionCreated(address collection)', field: 'collection' },
      ],
      salesFrom: [
        {
          factory,
          event: 'event SaleCreated(address sale, address indexed token)',
          field: 'sale',
          kind: 'fixed-price',
          token: 'token',
        },
      ],
    });
    return [...tokensFrom, ...collectionsFrom, ...salesFrom];
  }

  /** What indexes everything that the factory creates. */
  request(databaseUrl: string, more: Partial<IndexRequest> = {}): IndexRequest {
    const { chain, factories } = this;
    return { chain, databaseUrl, tokens: [], ...more, more: { factories, ...more.more } };
  }

  async createToken(salt = 1, valueWei = 0n): Promise<DeployedContract> {
    const code = creationCode('RevShareWindowedSeconds', ['Model', 'MDL', 1000n, 80, 2, 10]);
    return this.create('RevShareWindowedSeconds', 'createToken', [code, salted(salt)], valueWei);
  }

  /** Some tokens in one transaction. */
  createTokens(first: number, count: number) {
    const code = creationCode('RevShareWindowedSeconds', ['Model', 'MDL', 1000n, 80, 2, 10]);
    const data = encodeCall(this.factory, 'createTokens', [code, first, count]);
    return this.send(this.founder, this.factory, data);
  }

  async createCollection(salt = 1): Promise<DeployedContract> {
    const code = creationCode('AigcCollection', ['Verses', 'VRS', 4, this.founder, 50n]);
    return this.create('AigcCollection', 'createCollection', [code, salted(salt)]);
  }

  async createSale(token: DeployedContract, salt = 1): Promise<DeployedContract> {
    const code = creationCode('FixedPriceSale', [token.address, NATIVE, 2n, this.founder]);
    const args = [code, salted(salt), token.address];
    return this.create('FixedPriceSale', 'createSale', args);
  }

  /** Makes the factory name any address as a token. */
  announce(address: string) {
    const data = encodeCall(this.factory, 'announceToken', [address]);
    return this.send(this.founder, this.factory, data);
  }

  pay(token: DeployedContract, valueWei: bigint) {
    return execute(this.chain, { from: this.payer, to: token.address, valueWei });
  }

  send(from: string, to: DeployedContract, data: string, valueWei = 0n) {
    return execute(this.chain, { from, to: to.address, data, valueWei, gas: GAS });
  }

  private async create(
    contractName: string,
    method: string,
    args: readonly unknown[],
    valueWei = 0n,
  ): Promise<DeployedContract> {
    const data = encodeCall(this.factory, method, args);
    const receipt = await this.send(this.founder, this.factory, data, valueWei);
    const log = receipt.logs.findLast(
      ({ address }) => address.toLowerCase() === this.factory.address,
    );
    const event = log === undefined ? null : this.factory.interface.parseLog(log);
    return {
      contractName,
      address: String(event?.args[0]).toLowerCase() as Address,
      deploymentBlock: Number(receipt.blockNumber),
      interface: loadArtifact(contractName).interface,
    };
  }
}

function salted(salt: number): string {
  return `0x${salt.toString(16).padStart(64, '0')}`;
}
