import type pg from 'pg';
import { type Address, addressBytes, addressFromBytes } from '../../address.js';
import type { Queryable } from '../read/query/queryable.js';
import { readRows } from '../read/query/statement.js';

/** Where the background audit of a token continues. */
export interface AuditPosition {
  /** Block of the last audit; `null` before the first. */
  readonly block: number | null;
  /** The last audited holder; `null`: start with the first. */
  readonly lastAccount: Address | null;
  /** Accounts with an open mismatch. */
  readonly disagreeing: readonly Address[];
}

/** A figure of a token on which books and contract differ. */
export interface StandingMismatch {
  readonly figure: string;
  readonly account: Address | null;
  readonly ours: bigint;
  /** `null`: the contract reverts. */
  readonly contract: bigint | null;
}

/** The result of one audit of a token. */
export interface AuditResult {
  readonly tokenNumber: number;
  readonly block: { readonly number: number; readonly hash: string };
  readonly figures: number;
  /** The audited accounts, in addition to the token itself. */
  readonly accounts: readonly Address[];
  readonly lastAccount: Address | null;
  readonly mismatches: readonly StandingMismatch[];
  /** Set by an audit of earlier blocks: exactly these figures differed at one of them. */
  readonly earlier?: readonly (StandingMismatch & { readonly block: number })[];
}

/** @param accountsAtMost with a mismatch, in the order of their addresses */
export async function readAuditPosition(
  db: Queryable,
  tokenNumber: number,
  accountsAtMost: number,
): Promise<AuditPosition> {
  const [progress] = await readRows<{
    readonly block_number: number;
    readonly last_account: Buffer | null;
  }>(
    db,
    'audit_position',
    'SELECT block_number, last_account FROM audit_progress WHERE token_number = $1',
    [tokenNumber],
  );
  const accounts = await readRows<{ readonly account: Buffer }>(
    db,
    'audit_disagreeing',
    `SELECT DISTINCT account FROM audit_mismatch
     WHERE token_number = $1 AND account IS NOT NULL ORDER BY account LIMIT $2`,
    [tokenNumber, accountsAtMost],
  );
  const lastAccount = progress?.last_account ?? null;
  return {
    block: progress?.block_number ?? null,
    lastAccount: lastAccount === null ? null : addressFromBytes(lastAccount),
    disagreeing: accounts.map(({ account }) => addressFromBytes(account)),
  };
}

/**
 * Stores the result of an audit: these are now the only open mismatches of the audited accounts and
 * of the token itself.
 */
export async function recordAudit(client: pg.ClientBase, result: AuditResult): Promise<void> {
  const { tokenNumber, block, figures, accounts, lastAccount, mismatches, earlier } = result;
  await client.query('BEGIN');
  try {
    await client.query(
      `DELETE FROM audit_mismatch
       WHERE token_number = $1 AND NOT is_earlier AND (account IS NULL OR account = ANY($2::bytea[]))
         AND figure <> ALL($3::text[])`,
      [tokenNumber, accounts.map(addressBytes), mismatches.map(({ figure }) => figure)],
    );
    await client.query(
      `INSERT INTO audit_mismatch
         (token_number, figure, account, first_block, block_number, ours, contract)
       SELECT $1, figure, account, $2, $2, ours, contract
       FROM unnest($3::text[], $4::bytea[], $5::numeric[], $6::numeric[])
         AS m (figure, account, ours, contract)
       ON CONFLICT (token_number, figure) DO UPDATE SET block_number = EXCLUDED.block_number,
         ours = EXCLUDED.ours, contract = EXCLUDED.contract`,
      [
        tokenNumber,
        block.number,
        mismatches.map(({ figure }) => figure),
        mismatches.map(({ account }) => (account === null ? null : addressBytes(account))),
        mismatches.map(({ ours }) => ours),
        mismatches.map(({ contract }) => contract),
      ],
    );
    if (earlier !== undefined) await recordEarlier(client, tokenNumber, earlier);
    await client.query(
      `INSERT INTO audit_progress
         (token_number, block_number, block_hash, audited_at, figures, last_account)
       VALUES ($1, $2, $3, now(), $4, $5)
       ON CONFLICT (token_number) DO UPDATE SET block_number = EXCLUDED.block_number,
         block_hash = EXCLUDED.block_hash, audited_at = EXCLUDED.audited_at,
         figures = audit_progress.figures + EXCLUDED.figures,
         last_account = EXCLUDED.last_account`,
      [
        tokenNumber,
        block.number,
        Buffer.from(block.hash.slice(2), 'hex'),
        figures,
        lastAccount === null ? null : addressBytes(lastAccount),
      ],
    );
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function recordEarlier(
  client: pg.ClientBase,
  tokenNumber: number,
  mismatches: NonNullable<AuditResult['earlier']>,
): Promise<void> {
  await client.query('DELETE FROM audit_mismatch WHERE token_number = $1 AND is_earlier', [
    tokenNumber,
  ]);
  await client.query(
    `INSERT INTO audit_mismatch
       (token_number, figure, account, first_block, block_number, ours, contract, is_earlier)
     SELECT $1, figure || ' at block ' || block, account, block, block, ours, contract, true
     FROM unnest($2::text[], $3::bytea[], $4::bigint[], $5::numeric[], $6::numeric[])
       AS m (figure, account, block, ours, contract)`,
    [
      tokenNumber,
      mismatches.map(({ figure }) => figure),
      mismatches.map(({ account }) => (account === null ? null : addressBytes(account))),
      mismatches.map(({ block }) => block),
      mismatches.map(({ ours }) => ours),
      mismatches.map(({ contract }) => contract),
    ],
  );
}
