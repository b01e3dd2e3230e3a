import { setTimeout as delay } from 'node:timers/promises';
import type { Address } from '../../address.js';
import { ACCOUNTS_AT_ONCE, readAccountCodes } from '../../chain/accounts/codeReader.js';
import { ChainNode } from '../../chain/node.js';
import type { PoolConnection } from '../../chain/rpc/connection/poolConnection.js';
import { PooledClient } from '../../chain/rpc/connection/pooledClient.js';
import { type DatabaseClient, newClient } from '../../store/database/postgres.js';
import {
  nextHolders,
  nextReceivers,
  readLongAgo,
  recordReading,
  takenBack,
  type UnreadAccounts,
  unfinishedReading,
  writeAccountCodes,
} from '../../store/write/accountCodes.js';
import type { BlockPoint } from '../../store/write/cursor.js';
import { untilAborted } from '../../untilAborted.js';

/** Calls a second at most: one reads 500 accounts, or a single one where the endpoint can do no better. */
const CALLS_PER_SECOND = 20;
/** The head of the chain comes first: reading takes at most half of the time. */
const PAUSE_PER_WORK = 1;
const SHORTEST_PAUSE_MS = 20;
/** A commit comes every second on some chains. */
const LOOK_EVERY_MS = 5_000;
/** An endpoint that did not answer may be busy. */
const RETRY_AFTER_MS = 60_000;
/** Accounts without a contract are read again at most so often: one may be deployed there. */
const ROUND_EVERY_MS = 3_600_000;

export interface AccountKeeperOptions {
  readonly databaseUrl: string;
  readonly chainId: number;
  /** The endpoints of the processor. */
  readonly rpc: PoolConnection;
  readonly onFailure: (error: unknown) => void;
  /** For tests: other times in milliseconds. */
  readonly lookEveryMs?: number;
  readonly roundEveryMs?: number;
}

/**
 * Reads whether holders are contracts, at the newest indexed block, parallel to the processor, with its own node
 * client and database connection. First every holder of every token, then who received tokens since. In the
 * time that is left, one call at a time reads again those without a contract.
 */
export class AccountKeeper {
  private head: BlockPoint | null = null;
  private running: Promise<void> | null = null;
  private notBefore = 0;
  private round: { readonly before: number; readonly at: number } | null = null;
  private readonly stopping = new AbortController();
  private readonly node: ChainNode;

  constructor(private readonly options: AccountKeeperOptions) {
    this.node = new ChainNode(
      new PooledClient(options.rpc, {
        capacity: 2,
        requestTimeoutMs: 20_000,
        retryAttempts: 1,
        rateLimit: CALLS_PER_SECOND,
      }),
    );
  }

  /** The head is followed, and this block is committed. */
  wake(head: BlockPoint): void {
    this.head = head;
    if (this.stopping.signal.aborted || performance.now() < this.notBefore) return;
    this.notBefore = performance.now() + (this.options.lookEveryMs ?? LOOK_EVERY_MS);
    this.running ??= this.run().finally(() => {
      this.running = null;
    });
  }

  /** Resolves when nothing is being read. */
  async settled(): Promise<void> {
    await this.running;
  }

  /** Ends without waiting for the node; the next keeper continues with what is not written. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.node.close();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    const client = newClient({
      connectionString: this.options.databaseUrl,
      application_name: 'imo-ledger accounts',
    });
    try {
      await client.connect();
      let isLeft = true;
      while (isLeft && !signal.aborted) {
        const startedAt = performance.now();
        isLeft = await this.step(client);
        const pauseMs = PAUSE_PER_WORK * (performance.now() - startedAt);
        if (isLeft) await this.pause(Math.max(SHORTEST_PAUSE_MS, pauseMs));
      }
    } catch (error) {
      this.notBefore = performance.now() + RETRY_AFTER_MS;
      if (!signal.aborted) this.options.onFailure(error);
    } finally {
      await client.end();
    }
  }

  /** @returns whether there is more to read now */
  private async step(client: DatabaseClient): Promise<boolean> {
    const { chainId } = this.options;
    const { head } = this;
    if (head === null) return false;
    const again = await takenBack(client, chainId, ACCOUNTS_AT_ONCE);
    if (again.length > 0) return this.read(client, again);
    const unread = await this.unread(client, head);
    if (unread === null) {
      await this.readAgain(client, head);
      return false;
    }
    const { accounts, reading } = unread;
    for (let from = 0; from < accounts.length; from += ACCOUNTS_AT_ONCE) {
      if (!(await this.read(client, accounts.slice(from, from + ACCOUNTS_AT_ONCE)))) return false;
    }
    return recordReading(client, chainId, head, reading);
  }

  private async unread(client: DatabaseClient, head: BlockPoint): Promise<UnreadAccounts | null> {
    const { chainId } = this.options;
    const reading = await unfinishedReading(client, chainId, head.height);
    return reading === null
      ? nextReceivers(client, chainId, head.height)
      : nextHolders(client, chainId, reading);
  }

  /** One call: those that were read the longest ago. */
  private async readAgain(client: DatabaseClient, head: BlockPoint): Promise<void> {
    const { chainId, roundEveryMs = ROUND_EVERY_MS } = this.options;
    this.round ??= { before: head.height, at: performance.now() };
    const { before, at } = this.round;
    const accounts = await readLongAgo(client, chainId, before, ACCOUNTS_AT_ONCE);
    if (accounts.length > 0) await this.read(client, accounts);
    else if (performance.now() - at >= roundEveryMs) this.round = null;
  }

  /** @returns `false`: the block is gone, and the next look asks again */
  private async read(client: DatabaseClient, accounts: readonly Address[]): Promise<boolean> {
    const { chainId } = this.options;
    const { head } = this;
    if (head === null || this.stopping.signal.aborted) return false;
    const asked = readAccountCodes(this.node, accounts, head);
    const codes = await untilAborted(this.stopping.signal, asked);
    return writeAccountCodes(client, chainId, head, { accounts, codes });
  }

  private pause(ms: number): Promise<void> {
    return delay(ms, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }
}
