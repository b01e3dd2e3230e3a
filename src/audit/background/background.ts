import type pg from 'pg';
import type { Address } from '../../address.js';
import { ChainNode } from '../../chain/node.js';
import type { PoolConnection } from '../../chain/rpc/connection/poolConnection.js';
import { PooledClient } from '../../chain/rpc/connection/pooledClient.js';
import type { AuditConfig } from '../../config/audit.js';
import { redactText } from '../../config/redact.js';
import { newPool } from '../../store/database/postgres.js';
import { readHolderAccounts } from '../../store/read/holders/holderAccounts.js';
import { readTokens, type TokenRecord } from '../../store/read/tokens/tokens.js';
import { continues } from '../../store/registry/continues.js';
import { readAuditPosition, recordAudit } from '../../store/write/audits.js';
import type { BlockPoint } from '../../store/write/cursor.js';
import { readUnaudited } from '../../store/write/firstAudits.js';
import { assetHolderQuestions, assetQuestions } from '../questions/assetQuestions.js';
import { type AuditedBlock, ChainViews } from '../questions/chainViews.js';
import { storageQuestions } from '../questions/storageQuestions.js';
import { holderQuestions, tokenQuestions } from '../questions/tokenQuestions.js';
import { compare } from '../steps/compare.js';
import { auditContracts } from './backgroundContracts.js';
import { runFirstAudit } from './firstAudit.js';

/** Accounts with a mismatch are asked about every time, so that it goes when it is settled. */
const DISAGREEING_AT_MOST = 50;

/** Readers wait for the first audit: it may ask faster than the ones after it. */
const FIRST_AUDIT_CLIENT = {
  capacity: 5,
  requestTimeoutMs: 20_000,
  retryAttempts: 4,
  rateLimit: 300,
};

export interface BackgroundAuditOptions {
  readonly chainId: number;
  /** The endpoints of the processor. */
  readonly rpc: PoolConnection;
  readonly databaseUrl: string;
  readonly settings: AuditConfig;
  /** Takes what went wrong, and mismatches; a line each, without secrets. */
  readonly onWarning: (line: string) => void;
}

/**
 * Checks some holders and the totals of every token, every oracle and some tokens of every
 * collection when a block becomes final. It runs parallel to the processor, which never waits for
 * it, with its own node client and database connection. It writes only its own two tables. Errors
 * are logged and ignored.
 */
export class BackgroundAudit {
  private readonly node: ChainNode;
  private readonly db: pg.Pool;
  private wanted: BlockPoint | null = null;
  private running: Promise<void> | null = null;
  private isClosed = false;
  private readonly closing = new AbortController();
  private readonly told = new Set<string>();

  constructor(private readonly options: BackgroundAuditOptions) {
    const { rpc, databaseUrl, settings } = options;
    this.node = new ChainNode(
      new PooledClient(rpc, {
        capacity: 5,
        requestTimeoutMs: 20_000,
        retryAttempts: 1,
        rateLimit: settings.callsPerSecond,
      }),
    );
    this.db = newPool({
      connectionString: databaseUrl,
      max: 1,
      application_name: 'imo-ledger background audit',
    });
  }

  /** A block became final, and is committed. Blocks that come while it is busy are skipped. */
  finalised(block: BlockPoint): void {
    if (this.isClosed || block.height < 0) return;
    this.wanted = block;
    this.running ??= this.work().finally(() => {
      this.running = null;
    });
  }

  /** Resolves when nothing is being audited. */
  async settled(): Promise<void> {
    await this.running;
  }

  /** Ends what is running without waiting for the node. */
  async close(): Promise<void> {
    this.isClosed = true;
    this.closing.abort();
    this.node.close();
    // What still waits for the node finds the database closed, and ends without a word.
    await this.db.end();
  }

  private async work(): Promise<void> {
    for (let block = this.take(); block !== null; block = this.take()) {
      try {
        await this.audit(block);
      } catch (error) {
        if (this.isClosed) return;
        const reason = error instanceof Error ? error.message : String(error);
        this.options.onWarning(
          redactText(`the background audit of block ${block.height} failed: ${reason}`),
        );
      }
    }
  }

  private take(): BlockPoint | null {
    const { wanted } = this;
    this.wanted = null;
    return this.isClosed ? null : wanted;
  }

  private async audit({ height, hash }: BlockPoint): Promise<void> {
    const { chainId } = this.options;
    await this.auditNewTokens({ number: height, hash });
    let views: ChainViews | null = null;
    for (const token of (await readTokens(this.db, { chainId })).filter(continues)) {
      if (this.isClosed) return;
      if (token.startBlock > height || !(await this.isDue(token, height))) continue;
      views ??= await ChainViews.at(this.node, { number: height, hash });
      await this.auditToken(views, token);
    }
    await auditContracts({
      db: this.db,
      node: this.node,
      chainId,
      block: { number: height, hash },
      everyBlocks: this.options.settings.everyBlocks,
      isClosed: () => this.isClosed,
      onMismatches: ({ address }, mismatches) => this.tell(address, mismatches),
    });
  }

  /** After a backfill a sample of all that was booked is audited at once. */
  private async auditNewTokens(block: AuditedBlock): Promise<void> {
    const { chainId, rpc, onWarning } = this.options;
    if (!(await readUnaudited(this.db, chainId)).some(continues)) return;
    const node = new ChainNode(new PooledClient(rpc, FIRST_AUDIT_CLIENT));
    try {
      const { mismatches, figures } = await runFirstAudit({
        db: this.db,
        node,
        chainId,
        block,
        signal: this.closing.signal,
        onProgress: () => undefined,
      });
      onWarning(
        `First audit of chain ${chainId} at block ${block.number}: ${figures} figures compared, ` +
          `${mismatches.length} differ`,
      );
    } finally {
      node.close();
    }
  }

  private async isDue({ number }: TokenRecord, height: number): Promise<boolean> {
    const { block } = await readAuditPosition(this.db, number, 0);
    // After a rollback below the last audit, any next block will do.
    return block === null || Math.abs(height - block) >= this.options.settings.everyBlocks;
  }

  private async auditToken(views: ChainViews, token: TokenRecord): Promise<void> {
    const { db } = this;
    const block = views.block.number;
    const { lastAccount, disagreeing } = await readAuditPosition(
      db,
      token.number,
      DISAGREEING_AT_MOST,
    );
    const turn = await this.holdersInTurn(token, block, lastAccount);
    const accounts = [...new Set([...turn.accounts, ...disagreeing])];
    const storage = await storageQuestions(db, views, token);
    const { figures, mismatches } = await compare(views, [
      ...(await tokenQuestions(db, token, block)),
      ...(await assetQuestions(db, token, block)),
      ...(storage.questions ?? []),
      ...(await holderQuestions(db, token, accounts, block, 'open')),
      ...(await assetHolderQuestions(db, token, accounts, block, 'open')),
    ]);
    const client = await db.connect();
    try {
      await recordAudit(client, {
        tokenNumber: token.number,
        block: views.block,
        figures,
        accounts,
        lastAccount: turn.last,
        mismatches,
      });
    } finally {
      client.release();
    }
    this.tell(token.address, mismatches);
  }

  /** The next holders in the order of their addresses; after the last one the first again. */
  private async holdersInTurn(
    { number: tokenNumber }: TokenRecord,
    block: number,
    after: Address | null,
  ): Promise<{ accounts: readonly Address[]; last: Address | null }> {
    const { holdersPerBlock } = this.options.settings;
    if (holdersPerBlock === 0) return { accounts: [], last: null };
    const asOf = { tokenNumber, block };
    const accounts = await readHolderAccounts(this.db, asOf, after, holdersPerBlock);
    const isRoundOver = accounts.length < holdersPerBlock;
    return { accounts, last: isRoundOver ? null : (accounts.at(-1) ?? null) };
  }

  /** Logs each mismatch once while this process runs; the database has it anyway. */
  private tell(
    token: Address,
    mismatches: readonly {
      readonly figure: string;
      readonly block: number;
      readonly ours: bigint;
      readonly contract: bigint | null;
    }[],
  ): void {
    for (const { figure, block, ours, contract } of mismatches) {
      const name = `${token} ${figure}`;
      if (this.told.has(name)) continue;
      this.told.add(name);
      this.options.onWarning(
        `AUDIT MISMATCH ${figure} of ${token} at block ${block}: ours ${ours}, ` +
          `the contract ${contract === null ? 'reverts' : `says ${contract}`}`,
      );
    }
  }
}
