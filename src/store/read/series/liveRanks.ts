import { addressBytes, ZERO_ADDRESS } from '../../../address.js';
import { ImoError } from '../../../errors.js';
import { lastOperationId } from '../../ids.js';
import { rankChange, rankKey } from '../../rankKeys.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';

/** Transfers that are read for one series: those since the last kept days before its blocks. */
const LIVE_TRANSFERS_AT_MOST = 20_000;

/** What changed in the order of ranks up to a block, as `RankCounter` adds it. */
export interface RankChanges {
  /** A page; of what is not kept, the last block of the kept day before it, -1 without one. */
  readonly group: number;
  readonly block: number;
  readonly changes: Buffer;
}

interface Span {
  /** Not in the span. */
  readonly since: number;
  readonly upTo: number;
}

/**
 * Returns what changed between the kept day of each place and its block, in the order of the blocks; `null`: there is
 * too much to read.
 */
export async function readLiveChanges(
  db: Queryable,
  tokenNumber: number,
  places: readonly { readonly block: number; readonly lastBlock: number }[],
): Promise<RankChanges[] | null> {
  const ends = new Map<number, number>();
  for (const { lastBlock, block } of places) {
    ends.set(lastBlock, Math.max(block, ends.get(lastBlock) ?? -1));
  }
  const all = [...ends].map(([since, upTo]) => ({ since, upTo }));
  const spans = await spansWithTransfers(db, tokenNumber, all);
  if (spans === null) return null;
  return spans.length === 0 ? [] : readChanges(db, tokenNumber, spans);
}

/** Parameters `$1` to `$5`: the token, and the spans as blocks and as ids. */
function parametersOf(tokenNumber: number, spans: readonly Span[]): unknown[] {
  return [
    tokenNumber,
    spans.map(({ since }) => since),
    spans.map(({ upTo }) => upTo),
    spans.map(({ since }) => lastOperationId(tokenNumber, since)),
    spans.map(({ upTo }) => lastOperationId(tokenNumber, upTo)),
  ];
}

const SPANS = `unnest($2::bigint[], $3::bigint[], $4::text[], $5::text[])
  AS k(since, up_to, after_id, last_id)`;
const IN_SPAN = 't.id > k.after_id AND t.id <= k.last_id';

/** Mostly none: on a kept day nothing happened after its last block. `null`: they have too many transfers. */
async function spansWithTransfers(
  db: Queryable,
  tokenNumber: number,
  all: readonly Span[],
): Promise<Span[] | null> {
  const rows = await readRows<{
    readonly since: number;
    readonly up_to: number;
    readonly count: string | number;
  }>(
    db,
    'rank_spans',
    `SELECT k.since, k.up_to, c.count FROM ${SPANS}
     CROSS JOIN LATERAL (SELECT count(*) AS count FROM (
       SELECT FROM transfer t WHERE t.token_number = $1 AND ${IN_SPAN} LIMIT $6) t) c
     WHERE c.count > 0`,
    [...parametersOf(tokenNumber, all), LIVE_TRANSFERS_AT_MOST + 1],
  );
  const count = rows.reduce((sum, row) => sum + Number(row.count), 0);
  if (count > LIVE_TRANSFERS_AT_MOST) return null;
  return rows.map(({ since, up_to }) => ({ since: Number(since), upTo: Number(up_to) }));
}

async function readChanges(
  db: Queryable,
  tokenNumber: number,
  spans: readonly Span[],
): Promise<RankChanges[]> {
  const rows = await readRows<{
    readonly since: number;
    readonly account: Buffer;
    readonly block_number: number;
    readonly balance: string;
  }>(
    db,
    'rank_live_balances',
    `WITH touched AS MATERIALIZED (
       SELECT DISTINCT k.since, k.up_to, side.account FROM ${SPANS}
       CROSS JOIN LATERAL (SELECT "from", "to" FROM transfer t WHERE t.token_number = $1 AND ${IN_SPAN}) t
       CROSS JOIN LATERAL (VALUES (t."from"), (t."to")) AS side(account)
       WHERE side.account <> $6
     )
     SELECT k.since, k.account, c.block_number, c.balance FROM touched k CROSS JOIN LATERAL (
       (SELECT b.block_number, b."interval", b.balance FROM balance_checkpoint b
        WHERE b.account = k.account AND b.token_number = $1 AND b.block_number <= k.since
        ORDER BY b.block_number DESC, b."interval" DESC LIMIT 1)
       UNION ALL
       (SELECT b.block_number, b."interval", b.balance FROM balance_checkpoint b
        WHERE b.account = k.account AND b.token_number = $1
          AND b.block_number > k.since AND b.block_number <= k.up_to)
     ) c ORDER BY k.since, c.block_number, c."interval"`,
    [...parametersOf(tokenNumber, spans), addressBytes(ZERO_ADDRESS)],
  );
  const changes: RankChanges[] = [];
  const balances = new Map<string, bigint>();
  for (const { since, account, block_number, balance } of rows) {
    const name = `${since} ${account.toString('latin1')}`;
    const [before, after] = [balances.get(name) ?? 0n, BigInt(balance)];
    balances.set(name, after);
    if (Number(block_number) <= Number(since) || before === after) continue;
    const left = before > 0n ? [rankChange(false, rankKey(before, account))] : [];
    const came = after > 0n ? [rankChange(true, rankKey(after, account))] : [];
    changes.push({
      group: Number(since),
      block: Number(block_number),
      changes: Buffer.concat([...left, ...came]),
    });
  }
  return changes;
}

export function ranksNotKept(): ImoError {
  return new ImoError(
    'RANKS_NOT_KEPT',
    `the series has more than ${LIVE_TRANSFERS_AT_MOST} transfers on days that are not kept`,
    'Choose the interval DAY or longer. If it has these, ask again later: `index` keeps the days that are over and final while it follows the head.',
  );
}
