import pg from 'pg';
import { type Address, ZERO_ADDRESS } from '../../../src/address.js';
import type { Operation } from '../../../src/chain/operation.js';
import { policyNamed } from '../../../src/ledger/policies/registry.js';
import { EMPTY_POOLS } from '../../../src/ledger/state.js';
import { BalanceCache } from '../../../src/processor/balances.js';
import { HolderChanges } from '../../../src/processor/holderChanges.js';
import { TokenBook } from '../../../src/processor/tokenBook.js';
import { writeRows } from '../../../src/store/commit.js';
import { writeCursor, writeHotBlocks } from '../../../src/store/cursor.js';
import { RowBuffer } from '../../../src/store/rows.js';
import { insertToken } from '../../../src/store/tokens.js';

/** An operation without its transaction: each one gets a transaction of its own. */
export type Action = {
  [Kind in Operation['kind']]: Omit<
    Extract<Operation, { kind: Kind }>,
    'transactionIndex' | 'transactionHash' | 'logIndex'
  >;
}[Operation['kind']];

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

const GENESIS_SECONDS = 1_700_000_000;

/** Blocks of the test chains come every 12 seconds. */
export function timeOf(block: number): Date {
  return new Date((GENESIS_SECONDS + 12 * block) * 1000);
}

/** `0x…01` with 20 bytes: an account or a token, by number. */
export function accountOf(number: number): Address {
  return `0x${number.toString(16).padStart(40, '0')}`;
}

export function hashOf(chainId: number, block: number, transaction = 0): `0x${string}` {
  return `0x${[chainId, block, transaction].map((part) => part.toString(16).padStart(8, '0')).join('')}${'ab'.repeat(20)}`;
}

export const receipt = (payer: Address, amountWei: bigint): Action => ({
  kind: 'receipt',
  receiptKind: 'call',
  payer,
  amountWei,
  selector: null,
});
export const transfer = (from: Address, to: Address, amount: bigint): Action => ({
  kind: 'transfer',
  from,
  to,
  amount,
});
export const mint = (to: Address, amount: bigint) => transfer(ZERO_ADDRESS, to, amount);
export const snapshot = (snapshotId: bigint): Action => ({ kind: 'snapshot', snapshotId });
export const claim = (holder: Address, snapshotId: bigint, amountWei: bigint): Action => ({
  kind: 'claim',
  holder,
  snapshotId,
  amountWei,
});
/** A burn for revenue: the log of the burn and the payment. */
export const redeem = (holder: Address, burned: bigint, paidWei: bigint): Action[] => [
  { kind: 'redemption', holder, burned, paidWei },
  transfer(holder, ZERO_ADDRESS, burned),
];

/** Fills a database the way the processor does, block by block, one commit for each. */
export class Books {
  private readonly tokens = new Map<number, TokenBook>();

  private constructor(readonly pool: pg.Pool) {}

  static open(url: string): Books {
    return new Books(new pg.Pool({ connectionString: url, max: 4 }));
  }

  close(): Promise<void> {
    return this.pool.end();
  }

  /** @returns our number of the token. */
  async addToken(terms: TokenTerms): Promise<number> {
    const number = await insertToken(this.pool, terms.chainId, {
      ...terms,
      name: `Token ${terms.symbol}`,
      decimals: 18,
      percentClaimable: terms.percent,
    });
    const { address, startBlock, window, interval, intervalUnit } = terms;
    const rules = {
      policy: policyNamed(terms.policy),
      terms: { percentClaimable: terms.percent, window, interval, intervalUnit },
    };
    const balances = new BalanceCache(number, { empty: true });
    const totals = { receivedWei: 0n, claimedWei: 0n, redeemedWei: 0n };
    const token = { number, address, startBlock, rules };
    this.tokens.set(number, new TokenBook(token, EMPTY_POOLS, totals, balances, 0));
    return number;
  }

  /** Books one block of a chain: the operations of each token, in order. */
  async commit(
    chainId: number,
    block: number,
    operations: ReadonlyMap<number, readonly Action[]> = new Map(),
    finalized = block,
  ): Promise<void> {
    const rows = new RowBuffer();
    const changes = new HolderChanges();
    const timestamp = timeOf(block).toISOString();
    const hash = hashOf(chainId, block);
    let transactionIndex = 0;
    if (operations.size > 0) rows.block(chainId, block, hash, timestamp);
    for (const [number, actions] of operations) {
      const placed = actions.map((action): Operation => {
        const index = transactionIndex++;
        const transactionHash = hashOf(chainId, block, index + 1);
        const place = { transactionIndex: index, transactionHash };
        return action.kind === 'transfer'
          ? { ...action, ...place, logIndex: index }
          : { ...action, ...place };
      });
      this.book(number).bookBlock({ number: block, timestamp }, placed, rows, changes);
    }
    await this.write(rows, changes, async (client) => {
      const head = { height: block, hash, timestamp };
      await writeHotBlocks(client, chainId, [head], finalized);
      const final = { height: finalized, hash: hashOf(chainId, finalized) };
      await writeCursor(client, chainId, head, final);
    });
  }

  private book(number: number): TokenBook {
    const book = this.tokens.get(number);
    if (book === undefined) throw new Error(`no token ${number}`);
    return book;
  }

  private async write(
    rows: RowBuffer,
    changes: HolderChanges,
    finish: (client: pg.PoolClient) => Promise<void>,
  ): Promise<void> {
    const client = await this.pool.connect();
    try {
      await client.query('BEGIN');
      const balances = [...changes.balances].flatMap(([tokenNumber, accounts]) =>
        [...accounts].map((account) => ({
          tokenNumber,
          account,
          balance: this.book(tokenNumber).balances.get(account),
          claimedWei: 0n,
          redeemedWei: 0n,
        })),
      );
      const payments = changes.payments().map((payment) => ({ ...payment, balance: null }));
      await writeRows(client, rows, [...balances, ...payments]);
      await finish(client);
      await client.query('COMMIT');
    } catch (error) {
      await client.query('ROLLBACK');
      throw error;
    } finally {
      client.release();
    }
  }
}
