import { type Address, addressBytes } from '../../../address.js';
import type { BalanceCheckpoint, HolderRecord } from '../../../ledger/entitlement.js';
import type { Queryable } from '../query/queryable.js';
import { REVISION } from '../query/revision.js';
import { readRows } from '../query/statement.js';

/** An account on a chain, at the end of a block. */
export interface HeldKey {
  readonly account: Address;
  readonly chainId: number;
  readonly block: number;
}

/** Equal for keys that have the same answer. */
export function heldName({ account, chainId, block }: HeldKey): string {
  return `${account} ${chainId} ${block}`;
}

/** A token that an account held at some time up to the block. */
export interface HeldToken {
  readonly tokenNumber: number;
  /** Token units; 0 if the account has none left. */
  readonly balance: bigint;
  /** What its entitlement in ETH is computed from; `null`: it moved tokens too often to read all of it here. */
  readonly record: HolderRecord | null;
}

/** What an account held, and the state of the database that it was read from. */
export interface HeldTokens {
  readonly revision: string | null;
  /** In the order of the tokens' numbers. */
  readonly tokens: readonly HeldToken[];
}

/** More balances than that are read interval by interval (`readHolderRecords`). */
const CHECKPOINTS_AT_MOST = 48;

interface Row {
  readonly ordinal: number;
  readonly revision: string | null;
  readonly token_number: number | null;
  readonly checkpoints: string;
  readonly claims: string | null;
  readonly redeemed_wei: string | null;
}

/**
 * Reads everything that accounts held, claimed and were paid for burned tokens, with one statement for any number of
 * accounts; in the order of the keys.
 */
export async function readHeldTokens(
  db: Queryable,
  keys: readonly HeldKey[],
): Promise<HeldTokens[]> {
  const rows = await readRows<Row>(
    db,
    'held_tokens',
    `SELECT k.ordinal, ${REVISION} AS revision, p.*
     FROM unnest($1::bytea[], $2::bigint[], $3::bigint[])
       WITH ORDINALITY AS k(account, chain_id, block_number, ordinal)
     LEFT JOIN LATERAL (
       SELECT t.number AS token_number, b.checkpoints,
         (SELECT string_agg(c.snapshot_id || ' ' || c.amount_wei, ',') FROM claim c
          WHERE c.holder = k.account AND c.token_number = t.number
            AND c.block_number <= k.block_number) AS claims,
         (SELECT sum(r.amount_wei) FROM redemption r
          WHERE r.holder = k.account AND r.token_number = t.number
            AND r.block_number <= k.block_number) AS redeemed_wei
       FROM holder h
       JOIN token t ON t.number = h.token_number AND t.chain_id = k.chain_id
       CROSS JOIN LATERAL (
         SELECT string_agg(c."interval" || ' ' || c.balance, ',') AS checkpoints FROM (
           SELECT b."interval", b.balance FROM balance_checkpoint b
           WHERE b.account = k.account AND b.token_number = t.number
             AND b.block_number <= k.block_number
           ORDER BY b.block_number DESC, b."interval" DESC LIMIT ${CHECKPOINTS_AT_MOST + 1}
         ) c
       ) b
       WHERE h.account = k.account AND b.checkpoints IS NOT NULL
     ) p ON true
     ORDER BY k.ordinal, p.token_number`,
    [
      keys.map(({ account }) => addressBytes(account)),
      keys.map(({ chainId }) => chainId),
      keys.map(({ block }) => block),
    ],
  );
  const answers = keys.map(() => ({ revision: null as string | null, tokens: [] as HeldToken[] }));
  for (const row of rows) {
    const answer = answers[Number(row.ordinal) - 1];
    if (answer === undefined) throw new RangeError(`nobody asked for account ${row.ordinal}`);
    answer.revision = row.revision;
    if (row.token_number !== null) answer.tokens.push(decode(row, row.token_number));
  }
  return answers;
}

function decode({ checkpoints, claims, redeemed_wei }: Row, tokenNumber: number): HeldToken {
  const newestFirst = pairs(checkpoints);
  const balance = newestFirst[0]?.[1] ?? 0n;
  if (newestFirst.length > CHECKPOINTS_AT_MOST) return { tokenNumber, balance, record: null };
  const record = {
    checkpoints: lastOfIntervals(newestFirst),
    claims: new Map(claims === null ? [] : pairs(claims)),
    redeemedWei: BigInt(redeemed_wei ?? 0),
  };
  return { tokenNumber, balance, record };
}

/** The last balance of each interval, the oldest interval first. */
function lastOfIntervals(newestFirst: readonly (readonly [number, bigint])[]): BalanceCheckpoint[] {
  const found: BalanceCheckpoint[] = [];
  let seen: number | null = null;
  for (const [interval, balance] of newestFirst) {
    if (interval !== seen) found.push({ interval, balance });
    seen = interval;
  }
  return found.reverse();
}

/** A number and an amount each, as the statement writes them. */
function pairs(text: string): [number, bigint][] {
  return text.split(',').map((pair) => {
    const space = pair.indexOf(' ');
    return [Number(pair.slice(0, space)), BigInt(pair.slice(space + 1))];
  });
}
