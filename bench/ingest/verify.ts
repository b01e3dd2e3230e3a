import type pg from 'pg';
import type { PlannedTotals } from './chainSpec.js';
import { withClient } from './databases.js';

/** What the chain itself says at the last indexed block. */
export interface ChainTruth {
  readonly planned: PlannedTotals;
  readonly totalSupply: bigint;
  /** ETH of the token, in wei. */
  readonly balanceWei: bigint;
}

/** A contender's tables are wrong: its speed means nothing. */
class VerificationError extends Error {
  readonly code = 'BENCH_RESULT_WRONG';

  constructor(what: string, found: unknown, wanted: unknown) {
    super(`${what}: ${found} instead of ${wanted}`);
    this.name = 'VerificationError';
  }
}

/** Balances of our books from the checkpoints, which the cache of holders must equal. */
const NEWEST_BALANCES = `SELECT DISTINCT ON (account) account, balance
  FROM balance_checkpoint ORDER BY account, block_number DESC, "interval" DESC`;

/** Counts holders that differ from their checkpoints, in books of one token. */
export const differingHolders = `SELECT count(*) FROM (${NEWEST_BALANCES}) AS newest
  FULL JOIN holder USING (account) WHERE newest.balance IS DISTINCT FROM holder.balance`;

/** All revenue work is in our tables, and the balances add up. @throws VerificationError */
export async function verifyOurs(url: string, truth: ChainTruth): Promise<void> {
  await withClient(url, async (db) => {
    const { planned } = truth;
    await expectValue(db, 'our transfers', 'SELECT count(*) FROM transfer', planned.transfers);
    await expectValue(db, 'our receipts', 'SELECT count(*) FROM receipt', planned.receipts);
    await expectValue(db, 'our snapshots', 'SELECT count(*) FROM snapshot', planned.snapshots);
    await expectValue(db, 'our claims', 'SELECT count(*) FROM claim', planned.claims);
    await expectValue(
      db,
      'our redemptions',
      'SELECT count(*) FROM redemption',
      planned.redemptions,
    );
    await expectValue(db, 'our balances', 'SELECT sum(balance) FROM holder', truth.totalSupply);
    const newestPools = 'FROM pool_version ORDER BY id DESC LIMIT 1';
    await expectValue(db, 'our supply', `SELECT supply ${newestPools}`, truth.totalSupply);
    await expectValue(db, 'our ETH', `SELECT balance_wei ${newestPools}`, truth.balanceWei);
    await expectValue(db, 'holders that differ from their checkpoints', differingHolders, 0);
  });
}

/** The plain squid has as many transfers, and its balances add up. @throws VerificationError */
export async function verifyPlain(url: string, truth: ChainTruth): Promise<void> {
  await withClient(url, async (db) => {
    const { transfers } = truth.planned;
    await expectValue(db, 'its transfers', 'SELECT count(*) FROM transfer', transfers);
    const balances = `SELECT sum(balance) FROM account WHERE id <> '0x${'0'.repeat(40)}'`;
    await expectValue(db, 'its balances', balances, truth.totalSupply);
  });
}

/** Ponder has as many transfers in its schema. @throws VerificationError */
export async function verifyPonder(url: string, schema: string, truth: ChainTruth): Promise<void> {
  await withClient(url, async (db) => {
    const { transfers } = truth.planned;
    await expectValue(db, 'its transfers', `SELECT count(*) FROM ${schema}.transfer`, transfers);
  });
}

/** Both have the same balance for every account, to the unit. @throws VerificationError */
export async function verifyAgreement(oursUrl: string, plainUrl: string): Promise<void> {
  const accounts = await withClient(plainUrl, async (db) => {
    const { rows } = await db.query<{ id: string; balance: string }>(
      `SELECT id, balance FROM account WHERE id <> '0x${'0'.repeat(40)}'`,
    );
    return rows;
  });
  await withClient(oursUrl, async (db) => {
    await db.query('CREATE TEMP TABLE plain_account (account bytea, balance numeric)');
    await db.query(
      `INSERT INTO plain_account
        SELECT decode(substr(id, 3), 'hex'), balance FROM unnest($1::text[], $2::numeric[]) AS plain (id, balance)`,
      [accounts.map(({ id }) => id), accounts.map(({ balance }) => balance)],
    );
    const differing = `SELECT count(*) FROM plain_account FULL JOIN holder USING (account)
      WHERE plain_account.balance IS DISTINCT FROM holder.balance`;
    await expectValue(db, 'accounts whose balances differ', differing, 0);
  });
}

async function expectValue(
  db: pg.Client,
  what: string,
  sql: string,
  wanted: number | bigint,
): Promise<void> {
  const { rows } = await db.query({ text: sql, rowMode: 'array' });
  const found: unknown = rows[0]?.[0];
  if (String(found) !== String(wanted)) throw new VerificationError(what, found, wanted);
}
