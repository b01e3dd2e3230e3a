import { defaultAccounts } from '../../../devnet/actors.js';
import {
  execute,
  latestBlock,
  mineBlock,
  sendTransaction,
  setAutomine,
  type TransactionRequest,
} from '../../../devnet/chain.js';
import {
  type DeployedContract,
  deployRouter,
  deployWindowed,
  encodeCall,
} from '../../../devnet/deploy.js';
import { freshDatabase, query } from '../databases/postgres.js';
import { type Anvil, startAnvil } from '../nodes/anvil.js';
import { indexTo } from '../programs/indexer.js';

/** An operation as the books have it: kind, amount, and who or which snapshot. */
export type BookedOperation = readonly [kind: string, amount: string, detail: string];

interface RouteStep {
  readonly target?: string;
  readonly valueWei?: bigint;
  readonly data?: string;
  readonly mayFail?: boolean;
}

/** A token of 1000 units with p = 80, W = 2, an interval of 10 s, and who plays with it. */
export class Scene {
  private constructor(
    readonly chain: Anvil,
    readonly token: DeployedContract,
    readonly router: DeployedContract,
    readonly founder: string,
    readonly friend: string,
    readonly payer: string,
  ) {}

  static async start(
    contract:
      | 'RevShareWindowedSeconds'
      | 'RevShareMulticall'
      | 'RevShareDistributor'
      | 'RevShareWithholding'
      | 'RevShareBridged' = 'RevShareWindowedSeconds',
    hardfork: 'cancun' | 'prague' = 'cancun',
  ): Promise<Scene> {
    const chain = await startAnvil({ genesisTimestamp: 1_750_000_000, hardfork });
    const [founder = '', friend = '', payer = ''] = await defaultAccounts(chain);
    const token = await deployWindowed(chain, contract, {
      from: founder,
      name: 'Model',
      symbol: 'MDL',
      supply: 1000n,
      percentClaimable: 80,
      window: 2,
      snapshotInterval: 10,
    });
    const router = await deployRouter(chain, { from: founder });
    return new Scene(chain, token, router, founder, friend, payer);
  }

  /** Call data of a function of the token. */
  data(name: string, args: unknown[] = []): string {
    return encodeCall(this.token, name, args);
  }

  /** A transaction to the token, in a block of its own. */
  call(from: string, name: string, args: unknown[] = [], valueWei = 0n) {
    return execute(this.chain, {
      from,
      to: this.token.address,
      data: this.data(name, args),
      valueWei,
    });
  }

  pay(valueWei: bigint) {
    return execute(this.chain, { from: this.payer, to: this.token.address, valueWei });
  }

  /** Lets the snapshot interval pass. */
  async wait(): Promise<void> {
    await mineBlock(this.chain, (await latestBlock(this.chain)).timestamp + 20);
  }

  async snapshot() {
    await this.wait();
    return this.call(this.founder, 'snapshot');
  }

  /** One transaction of the router: calls in order, some of which may fail. */
  route(steps: readonly RouteStep[], valueWei = 0n) {
    return execute(this.chain, this.routeRequest(steps, valueWei));
  }

  /** The same, to be sent with others. */
  routeRequest(steps: readonly RouteStep[], valueWei = 0n): TransactionRequest {
    const calls = steps.map((step) => ({
      target: step.target ?? this.token.address,
      value: step.valueWei ?? 0n,
      data: step.data ?? '0x',
      mayFail: step.mayFail ?? false,
    }));
    return {
      from: this.founder,
      to: this.router.address,
      data: encodeCall(this.router, 'execute', [calls]),
      valueWei,
    };
  }

  /** Several transactions in one block, in this order. */
  async inOneBlock(transactions: readonly TransactionRequest[]): Promise<void> {
    await setAutomine(this.chain, false);
    for (const transaction of transactions) await sendTransaction(this.chain, transaction);
    await mineBlock(this.chain);
    await setAutomine(this.chain, true);
  }

  /**
   * A payment and a snapshot in one block, in one order or the other: the same two transactions.
   *
   * @returns their hashes, in the order of the block
   */
  async payAndSnapshot(first: 'payment' | 'snapshot', valueWei: bigint): Promise<string[]> {
    await this.wait();
    const to = this.token.address;
    const payment = { from: this.payer, to, valueWei };
    const snapshot = { from: this.founder, to, data: this.data('snapshot') };
    await this.inOneBlock(first === 'payment' ? [payment, snapshot] : [snapshot, payment]);
    const block = await this.chain.rpc.call<{ transactions: string[] }>('eth_getBlockByNumber', [
      'latest',
      false,
    ]);
    return block.transactions;
  }

  /** Indexes the chain and returns the books at the newest block with operations. */
  async booked(url = this.chain.url): Promise<BookedOperation[]> {
    const databaseUrl = await freshDatabase();
    const chain = { ...this.chain, url };
    await indexTo({ chain, databaseUrl, tokens: [this.token.address] });
    const rows = await query<{ kind: string; amount: string; detail: string }>(
      databaseUrl,
      `SELECT kind, amount, detail FROM (
         SELECT block_number, position, kind, amount_wei::text AS amount,
           coalesce(encode(payer, 'hex'), '') AS detail FROM receipt
         UNION ALL SELECT block_number, position, 'snapshot', claimable_wei::text,
           snapshot_id::text FROM snapshot
         UNION ALL SELECT block_number, position, 'claim', amount_wei::text,
           snapshot_id::text FROM claim
         UNION ALL SELECT block_number, position, 'redemption', amount_wei::text,
           burned::text FROM redemption
         UNION ALL SELECT block_number, position, 'transfer', amount::text,
           left(encode("to", 'hex'), 4) FROM transfer
       ) AS operation
       WHERE block_number = (SELECT max(number) FROM block)
       ORDER BY position`,
    );
    return rows.map(({ kind, amount, detail }) => [kind, amount, detail]);
  }
}
