import { type Address, addressFromBytes } from '../../../address.js';
import { optionalAddress } from '../query/decode.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';

/** A figure on which books and contract differ, by the newest audit of it. */
export interface DisagreementRecord {
  /** Number of the token; `null`: the contract is an oracle or a collection. */
  readonly tokenNumber: number | null;
  readonly chainId: number;
  /** Of the token, oracle or collection. */
  readonly token: Address;
  readonly figure: string;
  /** The account that the figure is about; `null`: the token itself. */
  readonly account: Address | null;
  /** Block at which it was first seen. */
  readonly firstBlock: number;
  /** Block at which it was last seen, with these numbers. */
  readonly block: number;
  readonly ours: bigint;
  /** `null`: the contract reverts. */
  readonly contract: bigint | null;
}

/** How far the background audit of a chain is. */
export interface AuditSummary {
  readonly chainId: number;
  /** Every contract of the chain that was ever audited was audited at this block or a later one. */
  readonly block: number;
  readonly auditedAt: Date;
  /** Compared so far. */
  readonly figures: bigint;
  /** Figures that differ now. */
  readonly mismatches: number;
}

/** Everything that the background audit covers. */
const AUDITED = `(SELECT number, chain_id, address, archived_block, true AS is_token FROM token WHERE chain_id > 0
  UNION ALL SELECT number, chain_id, address, archived_block, false FROM contract WHERE chain_id > 0)`;

/** All open mismatches of all chains, by token; the first `limit` of each token. */
export async function readDisagreements(
  db: Queryable,
  limitPerToken: number,
): Promise<DisagreementRecord[]> {
  const rows = await readRows<{
    readonly token_number: number;
    readonly is_token: boolean;
    readonly chain_id: number;
    readonly address: Buffer;
    readonly figure: string;
    readonly account: Buffer | null;
    readonly first_block: number;
    readonly block_number: number;
    readonly ours: string;
    readonly contract: string | null;
  }>(
    db,
    'disagreements',
    `SELECT m.token_number, t.is_token, t.chain_id, t.address, m.figure, m.account, m.first_block,
       m.block_number, m.ours, m.contract
     FROM ${AUDITED} t CROSS JOIN LATERAL (
       SELECT * FROM audit_mismatch WHERE token_number = t.number
       ORDER BY first_block, figure LIMIT $1
     ) m
     ORDER BY m.token_number, m.first_block, m.figure`,
    [limitPerToken],
  );
  return rows.map((row) => ({
    tokenNumber: row.is_token ? row.token_number : null,
    chainId: row.chain_id,
    token: addressFromBytes(row.address),
    figure: row.figure,
    account: optionalAddress(row.account),
    firstBlock: row.first_block,
    block: row.block_number,
    ours: BigInt(row.ours),
    contract: row.contract === null ? null : BigInt(row.contract),
  }));
}

/** By chain, without archived contracts; a chain whose contracts were never audited is left out. */
export async function readAuditSummaries(
  db: Queryable,
): Promise<ReadonlyMap<number, AuditSummary>> {
  const rows = await readRows<{
    readonly chain_id: number;
    readonly block: number;
    readonly audited_at: Date;
    readonly figures: string;
    readonly mismatches: string;
  }>(
    db,
    'audit_summaries',
    `SELECT t.chain_id, min(p.block_number) AS block, min(p.audited_at) AS audited_at,
       sum(p.figures) AS figures, sum(
         (SELECT count(*) FROM audit_mismatch m WHERE m.token_number = t.number)
       ) AS mismatches
     FROM ${AUDITED} t JOIN audit_progress p ON p.token_number = t.number
     WHERE t.archived_block IS NULL
     GROUP BY t.chain_id`,
    [],
  );
  return new Map(
    rows.map((row) => [
      row.chain_id,
      {
        chainId: row.chain_id,
        block: row.block,
        auditedAt: row.audited_at,
        figures: BigInt(row.figures),
        mismatches: Number(row.mismatches),
      },
    ]),
  );
}
