import pg from 'pg';
import { type Address, addressBytes, ZERO_ADDRESS } from '../../../src/address.js';
import {
  applyClaim,
  applyReceipt,
  applyRedemption,
  applySnapshot,
  applySupplyChange,
  type TokenRules,
} from '../../../src/ledger/apply.js';
import { policyNamed } from '../../../src/ledger/policies/registry.js';
import { EMPTY_POOLS, lastSnapshotId, newRevenueWei } from '../../../src/ledger/state.js';
import { blockId, lastOperationId, operationId, tokenId } from '../../../src/store/ids.js';
import { rollbackAbove } from '../../../src/store/write/rollback.js';
import { type Action, hashOf, timeOf } from './actions.js';

export interface TokenTerms {
  readonly chainId: number;
  readonly address: Address;
  readonly symbol: string;
  readonly policy: 'windowed' | 'reference';
  readonly percent: bigint;
  readonly window: number | null;
  readonly interval: bigint;
  readonly intervalUnit: 'seconds' | 'blocks';
  readonly startBlock: number;
  readonly initialLastSnapshot: bigint | null;
}

/** The running state of one token. */
class TokenState {
  pools = EMPTY_POOLS;
  receivedWei = 0n;
  claimedWei = 0n;
  redeemedWei = 0n;
  holders = 0;
  readonly balances = new Map<Address, bigint>();
  readonly touched = new Set<Address>();

  constructor(readonly rules: TokenRules) {}

  change(account: Address, amount: bigint): void {
    if (account === ZERO_ADDRESS) {
      this.pools = applySupplyChange(this.pools, -amount);
      return;
    }
    this.balances.set(account, (this.balances.get(account) ?? 0n) + amount);
    this.touched.add(account);
  }
}

const bytes = (hex: string) => Buffer.from(hex.slice(2), 'hex');

/**
 * Fills a database as the processor does (append-only rows, checkpoints, pool versions,
 * holder cache and cursor), slowly and plainly: one INSERT for each row.
 */
export class Books {
  private readonly tokens = new Map<number, TokenState>();

  private constructor(readonly pool: pg.Pool) {}

  static open(url: string): Books {
    return new Books(new pg.Pool({ connectionString: url, max: 4 }));
  }

  close(): Promise<void> {
    return this.pool.end();
  }

  /** @returns our number of the token. */
  async addToken(terms: TokenTerms): Promise<number> {
    const number = this.tokens.size + 1;
    const { policy, percent, window, interval, intervalUnit } = terms;
    const rules = { percentClaimable: percent, window, interval, intervalUnit };
    this.tokens.set(number, new TokenState({ policy: policyNamed(policy), terms: rules }));
    await insert(this.pool, 'token', {
      id: tokenId(terms.chainId, terms.address),
      number,
      chain_id: terms.chainId,
      address: addressBytes(terms.address),
      name: `Token ${terms.symbol}`,
      symbol: terms.symbol,
      decimals: 18,
      policy,
      percent_claimable: percent,
      window,
      interval,
      interval_unit: intervalUnit,
      start_block: terms.startBlock,
      initial_last_snapshot: terms.initialLastSnapshot,
    });
    return number;
  }

  /**
   * Books a block of a chain, with the operations of each token in order, in one commit.
   *
   * @param fork the hash of the block and all contracts, if it replaces the blocks from its height on
   */
  async commit(
    chainId: number,
    block: number,
    operations: ReadonlyMap<number, readonly Action[]> = new Map(),
    finalized = block,
    fork: { readonly hash: Buffer; readonly contracts: readonly number[] } | null = null,
  ): Promise<void> {
    const client = await this.pool.connect();
    try {
      await client.query('BEGIN');
      if (fork !== null) await rollbackAbove(client, chainId, fork.contracts, block - 1);
      const head = { hash: fork?.hash ?? bytes(hashOf(chainId, block)), timestamp: timeOf(block) };
      if (operations.size > 0) {
        const id = blockId(chainId, block);
        await insert(client, 'block', { id, chain_id: chainId, number: block, ...head });
      }
      let transactionIndex = 0;
      for (const [tokenNumber, actions] of operations) {
        const book = new BlockBook(client, chainId, block, tokenNumber, this.state(tokenNumber));
        for (const action of actions) await book.apply(action, transactionIndex++);
        await book.finish();
      }
      if (block > finalized) {
        await insert(client, 'hot_block', { chain_id: chainId, height: block, ...head });
      }
      await client.query('DELETE FROM chain_cursor WHERE chain_id = $1', [chainId]);
      await insert(client, 'chain_cursor', {
        chain_id: chainId,
        height: block,
        ...head,
        finalized_height: finalized,
        finalized_hash: bytes(hashOf(chainId, finalized)),
      });
      await client.query('COMMIT');
    } catch (error) {
      await client.query('ROLLBACK');
      throw error;
    } finally {
      client.release();
    }
  }

  private state(tokenNumber: number): TokenState {
    const state = this.tokens.get(tokenNumber);
    if (state === undefined) throw new Error(`no token ${tokenNumber}`);
    return state;
  }
}

/** What one block does to one token. */
class BlockBook {
  private position = 0;
  private readonly checkpointed = new Set<Address>();
  private readonly place: { token_number: number; block_number: number };

  constructor(
    private readonly db: pg.ClientBase,
    private readonly chainId: number,
    private readonly block: number,
    private readonly tokenNumber: number,
    private readonly state: TokenState,
  ) {
    this.place = { token_number: tokenNumber, block_number: block };
  }

  async apply(action: Action, transactionIndex: number): Promise<void> {
    const { state, block, tokenNumber } = this;
    const position = this.position++;
    const common = {
      id: operationId(tokenNumber, block, position),
      ...this.place,
      timestamp: timeOf(block),
      transaction_hash: bytes(hashOf(this.chainId, block, transactionIndex + 1)),
      transaction_index: transactionIndex,
      position,
    };
    switch (action.kind) {
      case 'receipt':
        state.pools = applyReceipt(state.pools, action.amountWei);
        state.receivedWei += action.amountWei;
        return insert(this.db, 'receipt', {
          ...common,
          payer: addressBytes(action.payer),
          amount_wei: action.amountWei,
          kind: 'call',
          selector: null,
        });
      case 'transfer':
        state.change(action.from, -action.amount);
        state.change(action.to, action.amount);
        return insert(this.db, 'transfer', {
          ...common,
          log_index: transactionIndex,
          from: addressBytes(action.from),
          to: addressBytes(action.to),
          amount: action.amount,
        });
      case 'snapshot': {
        await this.writeCheckpoints();
        const next = BigInt(lastSnapshotId(state.pools) + 1);
        const { state: pools, effect } = applySnapshot(state.rules, state.pools, next);
        state.pools = pools;
        return insert(this.db, 'snapshot', {
          ...common,
          snapshot_id: effect.snapshotId,
          new_revenue_wei: effect.newRevenueWei,
          claimable_wei: effect.claimableWei,
          fresh_wei: effect.freshWei,
          rolled_over_wei: effect.rolledOverWei,
          redeemable_added_wei: effect.redeemableAddedWei,
          supply: effect.supply,
        });
      }
      case 'claim': {
        const { holder, snapshotId, amountWei } = action;
        state.pools = applyClaim(state.rules, state.pools, snapshotId, amountWei);
        state.claimedWei += amountWei;
        await this.pay(holder, 'claimed_wei', amountWei);
        return insert(this.db, 'claim', {
          ...common,
          holder: addressBytes(holder),
          snapshot_id: snapshotId,
          amount_wei: amountWei,
          snapshot_claimed_wei: state.pools.snapshots[snapshotId - 1]?.claimedWei,
        });
      }
      case 'redemption': {
        const { holder, burned, paidWei } = action;
        const redeemed = applyRedemption(state.rules, state.pools, burned, paidWei);
        state.pools = redeemed.state;
        state.redeemedWei += paidWei;
        await this.pay(holder, 'redeemed_wei', paidWei);
        return insert(this.db, 'redemption', {
          ...common,
          holder: addressBytes(holder),
          burned,
          amount_wei: paidWei,
          from_new_wei: redeemed.effect.fromNewWei,
          from_pool_wei: redeemed.effect.fromPoolWei,
        });
      }
    }
  }

  async finish(): Promise<void> {
    await this.writeCheckpoints();
    for (const account of this.checkpointed) {
      await this.db.query(
        `INSERT INTO holder VALUES ($1, $2, $3, 0, 0)
         ON CONFLICT (token_number, account) DO UPDATE SET balance = EXCLUDED.balance`,
        [this.tokenNumber, addressBytes(account), this.state.balances.get(account)],
      );
    }
    const holders = [...this.state.balances.values()].filter((balance) => balance > 0n).length;
    if (holders !== this.state.holders) {
      this.state.holders = holders;
      const id = lastOperationId(this.tokenNumber, this.block);
      const timestamp = timeOf(this.block);
      await insert(this.db, 'holder_count', { id, ...this.place, timestamp, holders });
    }
    const { pools, receivedWei, claimedWei, redeemedWei } = this.state;
    await insert(this.db, 'pool_version', {
      id: lastOperationId(this.tokenNumber, this.block),
      ...this.place,
      timestamp: timeOf(this.block),
      balance_wei: pools.balanceWei,
      supply: pools.supply,
      new_revenue_wei: newRevenueWei(pools),
      claim_pool_wei: pools.claimPoolWei,
      redeem_pool_wei: pools.redeemPoolWei,
      redeemed_from_new_wei: pools.redeemedFromNewWei,
      last_snapshot_id: lastSnapshotId(pools),
      received_wei: receivedWei,
      claimed_wei: claimedWei,
      redeemed_wei: redeemedWei,
    });
  }

  /** The last balance of the interval, for everybody touched in it. */
  private async writeCheckpoints(): Promise<void> {
    for (const account of this.state.touched) {
      await insert(this.db, 'balance_checkpoint', {
        ...this.place,
        account: addressBytes(account),
        interval: lastSnapshotId(this.state.pools),
        balance: this.state.balances.get(account),
      });
      this.checkpointed.add(account);
    }
    this.state.touched.clear();
  }

  private async pay(holder: Address, column: string, amountWei: bigint): Promise<void> {
    await this.db.query(
      `UPDATE holder SET ${column} = ${column} + $3 WHERE token_number = $1 AND account = $2`,
      [this.tokenNumber, addressBytes(holder), amountWei],
    );
  }
}

async function insert(
  db: Pick<pg.ClientBase, 'query'> | pg.Pool,
  table: string,
  row: Readonly<Record<string, unknown>>,
): Promise<void> {
  const columns = Object.keys(row).map((column) => `"${column}"`);
  const placeholders = columns.map((_, index) => `$${index + 1}`);
  await db.query(
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${placeholders.join(', ')})`,
    Object.values(row),
  );
}
