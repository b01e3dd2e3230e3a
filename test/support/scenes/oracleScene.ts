import { defaultAccounts } from '../../../devnet/actors.js';
import {
  execute,
  mineBlock,
  sendTransaction,
  setAutomine,
  type TransactionRequest,
} from '../../../devnet/chain.js';
import {
  type DeployedContract,
  deployOtherToken,
  deployReference,
  encodeCall,
} from '../../../devnet/deploy.js';
import {
  deployFirstOracle,
  deployOracle,
  deployOracleUser,
  type ModelAsk,
  type ModelUpload,
  modelAsk,
  modelUpload,
} from '../../../devnet/oracleContracts.js';
import { freshDatabase, query } from '../databases/postgres.js';
import { type Anvil, startAnvil } from '../nodes/anvil.js';
import { type IndexRequest, indexTo } from '../programs/indexer.js';

/** A revenue token, the newest oracle, the first one, a payment token and who uses them. */
export class OracleScene {
  private constructor(
    readonly chain: Anvil,
    readonly token: DeployedContract,
    readonly oracle: DeployedContract,
    readonly first: DeployedContract,
    readonly user: DeployedContract,
    readonly money: DeployedContract,
    /** Owns the oracles and the money. */
    readonly owner: string,
    readonly client: string,
    readonly receiver: string,
  ) {}

  static async start(
    options: { indexesLogs?: boolean; paysOnRemoval?: boolean; args?: string[] } = {},
  ): Promise<OracleScene> {
    const { args = [] } = options;
    const chain = await startAnvil({ genesisTimestamp: 1_750_000_000, args });
    const [owner = '', client = ''] = await defaultAccounts(chain);
    const receiver = `0x${'4e'.repeat(20)}`;
    const names = { from: owner, name: 'Model', symbol: 'MDL', supply: 10n ** 24n };
    const token = await deployReference(chain, { ...names, percentClaimable: 80 });
    const oracle = await deployOracle(chain, { from: owner });
    const first = await deployFirstOracle(chain, { from: owner, ...options });
    const user = await deployOracleUser(chain, { from: owner, valueWei: 0n });
    const money = await deployOtherToken(chain, 'PlainToken', names);
    return new OracleScene(chain, token, oracle, first, user, money, owner, client, receiver);
  }

  /** A transaction with a function of a contract, in a block of its own. */
  call(
    contract: DeployedContract,
    name: string,
    args: readonly unknown[] = [],
    { from = this.owner, valueWei = 0n, priorityFeeWei = 0n } = {},
  ) {
    const data = encodeCall(contract, name, args);
    return execute(this.chain, { from, to: contract.address, data, valueWei, priorityFeeWei });
  }

  upload(upload: Partial<ModelUpload> & { modelId: bigint }, oracle = this.oracle) {
    return this.setModel('uploadModel', upload, oracle);
  }

  update(upload: Partial<ModelUpload> & { modelId: bigint }, oracle = this.oracle) {
    return this.setModel('updateModel', upload, oracle);
  }

  ask(ask: Partial<ModelAsk> & { modelId: bigint }, valueWei: bigint, oracle = this.oracle) {
    const data = this.askData(ask, oracle);
    return execute(this.chain, { from: this.client, to: oracle.address, data, valueWei });
  }

  askData(ask: Partial<ModelAsk> & { modelId: bigint }, oracle = this.oracle): string {
    return modelAsk(oracle, { input: '0x1234', ...ask });
  }

  /** Calls that the user contract makes in one transaction. */
  askInternally(
    asks: readonly {
      data: string;
      valueWei?: bigint;
      undone?: boolean;
      oracle?: DeployedContract;
    }[],
    valueWei = 0n,
  ) {
    const steps = asks.map(({ data, valueWei: value = 0n, undone = false, oracle }) => ({
      oracle: (oracle ?? this.oracle).address,
      value,
      data,
      undone,
    }));
    return this.call(this.user, 'ask', [steps], { from: this.client, valueWei });
  }

  /** Several transactions of the owner and the client in one block, in this order. */
  async inOneBlock(transactions: readonly TransactionRequest[]): Promise<void> {
    await setAutomine(this.chain, false);
    for (const transaction of transactions) await sendTransaction(this.chain, transaction);
    await mineBlock(this.chain);
    await setAutomine(this.chain, true);
  }

  /** Indexes both oracles into a new database and returns its URL. */
  async index(options: { startBlock?: number; toBlock?: number } = {}): Promise<string> {
    const databaseUrl = await freshDatabase();
    await this.indexInto(databaseUrl, options);
    return databaseUrl;
  }

  indexInto(databaseUrl: string, options: { startBlock?: number; toBlock?: number } = {}) {
    return indexTo(this.request(databaseUrl, options.startBlock), options.toBlock);
  }

  /** What the indexer is asked to do. */
  request(databaseUrl: string, startBlock?: number): IndexRequest {
    const oracles = [this.oracle, this.first].map(({ address }) => ({ address, startBlock }));
    return { chain: this.chain, databaseUrl, tokens: [this.token.address], oracles };
  }

  private setModel(
    name: 'uploadModel' | 'updateModel',
    upload: Partial<ModelUpload> & { modelId: bigint },
    oracle: DeployedContract,
  ) {
    const terms = { fee: 1000n, receiver: this.receiver, receiverPercentage: 70n, ...upload };
    const data = modelUpload(oracle, name, terms);
    return execute(this.chain, { from: this.owner, to: oracle.address, data });
  }
}

/** Rows of a table as text, by position. */
export function rowsOf(databaseUrl: string, select: string): Promise<Record<string, string>[]> {
  return query<Record<string, string>>(databaseUrl, select);
}
