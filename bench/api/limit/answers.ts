import type pg from 'pg';
import { checksummedQuickly } from '../../../src/api/values/checksums.js';
import type { Queryable } from '../../../src/store/read/query/queryable.js';
import type { QuestionName } from '../questions.js';
import { NewestState } from './headState.js';
import { LimitHolders } from './holders.js';
import { LimitPages } from './pages.js';

/** The variables of the questions, as JSON. */
interface Variables {
  readonly address?: string;
  readonly first?: number;
  readonly after?: string;
  readonly from?: string;
  readonly to?: string;
  readonly at?: { readonly block: number };
}

type Answer = (variables: Variables) => Promise<unknown>;

/** The best code for these questions and nothing else: one statement for each request, or for several. */
export function limitAnswers(db: pg.Pool): Readonly<Record<QuestionName, Answer>> {
  const newest = new NewestState(db);
  const holders = new LimitHolders(db, newest);
  const pages = new LimitPages(db);
  const holder: Answer = ({ address = '', at }) => holders.answer(address, at?.block ?? null);
  const page: Answer = ({ first = 0, after = '', at }) =>
    pages.answer({ first, after, block: at?.block ?? null });
  return {
    holder,
    holderAt: holder,
    page,
    pageAt: page,
    claimable: (variables) => claimable(db, variables),
    receipts: (variables) => receipts(db, variables),
  };
}

/** Over all holders, every time: no index has this order. */
async function claimable(db: Queryable, { first }: Variables): Promise<unknown> {
  const { rows } = await db.query<{
    readonly account: Buffer;
    readonly balance: string;
    readonly wei: string;
  }>({
    name: 'claimable',
    text: `SELECT h.account, h.balance, sum(div(c.balance * s.claimable_wei, s.supply)) AS wei
      FROM holder h
      JOIN snapshot s ON s.token_number = 1 AND s.snapshot_id > 2
      CROSS JOIN LATERAL (SELECT b.balance FROM balance_checkpoint b
        WHERE b.account = h.account AND b.token_number = 1
          AND b.block_number <= s.block_number AND b."interval" < s.snapshot_id
        ORDER BY b.block_number DESC LIMIT 1) c
      WHERE h.token_number = 1 AND NOT EXISTS (SELECT FROM claim
        WHERE holder = h.account AND token_number = 1 AND snapshot_id = s.snapshot_id)
      GROUP BY h.account, h.balance ORDER BY wei DESC, h.account LIMIT $1`,
    values: [first],
  });
  return {
    holders: {
      nodes: rows.map(({ account, balance, wei }) => ({
        address: checksummedQuickly(`0x${account.toString('hex')}`),
        balance,
        entitlement: { totalClaimableWei: wei },
      })),
    },
  };
}

async function receipts(db: Queryable, { from, to }: Variables): Promise<unknown> {
  const { rows } = await db.query<{
    readonly id: string;
    readonly block_number: number;
    readonly timestamp: Date;
    readonly transaction_hash: Buffer;
    readonly payer: Buffer;
    readonly amount_wei: string;
    readonly kind: string;
    readonly source: string;
  }>({
    name: 'receipts',
    text: `SELECT id, block_number, "timestamp", transaction_hash, payer, amount_wei, kind, source
      FROM receipt WHERE id >= '0001-' || lpad((
        SELECT number FROM block WHERE chain_id = 1 AND "timestamp" >= $1 ORDER BY "timestamp" LIMIT 1
      )::text, 10, '0') AND id <= '0001-' || lpad((
        SELECT number FROM block WHERE chain_id = 1 AND "timestamp" <= $2
        ORDER BY "timestamp" DESC LIMIT 1
      )::text, 10, '0') || '-999999' ORDER BY id LIMIT 1000`,
    values: [new Date(from ?? ''), new Date(to ?? '')],
  });
  return {
    receipts: {
      nodes: rows.map((row) => ({
        id: row.id,
        block: row.block_number,
        timestamp: row.timestamp.toISOString(),
        transactionHash: `0x${row.transaction_hash.toString('hex')}`,
        payer: checksummedQuickly(`0x${row.payer.toString('hex')}`),
        amountWei: row.amount_wei,
        kind: row.kind.toUpperCase(),
        source: row.source.toUpperCase(),
      })),
    },
  };
}
