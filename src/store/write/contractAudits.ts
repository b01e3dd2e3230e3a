import type pg from 'pg';
import type { Queryable } from '../read/query/queryable.js';
import { readRows } from '../read/query/statement.js';
import type { StandingMismatch } from './audits.js';

/** The result of one audit of an oracle, or of some tokens of a collection. */
export interface ContractAuditResult {
  /** Our number of the contract. */
  readonly number: number;
  readonly block: { readonly number: number; readonly hash: string };
  readonly figures: number;
  /** Names of the audited figures; `all`: of the whole contract. */
  readonly asked: readonly string[] | 'all';
  readonly mismatches: readonly StandingMismatch[];
  /** Row id after which the next audit starts; `null`: it starts with the first. */
  readonly after: string | null;
}

/** Where the background audit of an oracle or a collection continues. */
export async function readContractAudit(
  db: Queryable,
  number: number,
): Promise<{ readonly block: number | null; readonly after: string | null }> {
  const [row] = await readRows<{ readonly block_number: number; readonly after: Buffer | null }>(
    db,
    'contract_audit',
    'SELECT block_number, last_account AS after FROM audit_progress WHERE token_number = $1',
    [number],
  );
  const after = row?.after ?? null;
  return {
    block: row?.block_number ?? null,
    after: after === null ? null : after.toString('utf8'),
  };
}

/** Stores the result of an audit: these are now the only open mismatches of the audited figures. */
export async function recordContractAudit(
  client: pg.ClientBase,
  { number, block, figures, asked, mismatches, after }: ContractAuditResult,
): Promise<void> {
  await client.query('BEGIN');
  try {
    const differing = mismatches.map(({ figure }) => figure);
    await client.query(
      `DELETE FROM audit_mismatch WHERE token_number = $1 AND figure <> ALL($2::text[])
         AND ($3::text[] IS NULL OR figure = ANY($3::text[]))`,
      [number, differing, asked === 'all' ? null : asked],
    );
    await client.query(
      `INSERT INTO audit_mismatch (token_number, figure, first_block, block_number, ours, contract)
       SELECT $1, figure, $2, $2, ours, contract
       FROM unnest($3::text[], $4::numeric[], $5::numeric[]) AS m (figure, ours, contract)
       ON CONFLICT (token_number, figure) DO UPDATE SET block_number = EXCLUDED.block_number,
         ours = EXCLUDED.ours, contract = EXCLUDED.contract`,
      [
        number,
        block.number,
        differing,
        mismatches.map(({ ours }) => ours),
        mismatches.map(({ contract }) => contract),
      ],
    );
    await client.query(
      `INSERT INTO audit_progress
         (token_number, block_number, block_hash, audited_at, figures, last_account)
       VALUES ($1, $2, $3, now(), $4, $5)
       ON CONFLICT (token_number) DO UPDATE SET block_number = EXCLUDED.block_number,
         block_hash = EXCLUDED.block_hash, audited_at = EXCLUDED.audited_at,
         figures = audit_progress.figures + EXCLUDED.figures,
         last_account = EXCLUDED.last_account`,
      [
        number,
        block.number,
        Buffer.from(block.hash.slice(2), 'hex'),
        figures,
        after === null ? null : Buffer.from(after, 'utf8'),
      ],
    );
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
