import { type Address, addressBytes, addressFromBytes } from '../../../address.js';
import type { BalanceCheckpoint, HolderRecord } from '../../../ledger/entitlement.js';
import { readByToken } from '../query/byToken.js';
import { isCluster } from '../query/cluster.js';
import type { Queryable } from '../query/queryable.js';
import { REVISION } from '../query/revision.js';
import { readRows } from '../query/statement.js';

/** An account on a chain, at the end of a block. */
export interface HeldKey {
  readonly account: Address;
  readonly chainId: number;
  readonly block: number;
  /** Numbers of the tokens of the chain that are asked about, in ascending order. */
  readonly tokens: readonly number[];
}

/** Equal for keys that have the same answer. */
export function heldName({ account, chainId, block, tokens }: HeldKey): string {
  return `${account} ${chainId} ${block} ${tokens.length} ${tokens.at(-1) ?? ''}`;
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

/** Of so few tokens, each is looked up; of more, only those that the account holds. */
const TOKENS_AT_ONCE = 4;

/** A token that an account may have held. */
interface Candidate {
  readonly key: HeldKey;
  /** Of the key. */
  readonly place: number;
  readonly tokenNumber: number;
}

interface Row {
  readonly ordinal: number;
  readonly revision: string | null;
  /** `null`: it never held the token by then. */
  readonly checkpoints: string | null;
  readonly claims: string | null;
  readonly redeemed_wei: string | null;
}

/**
 * Reads everything that accounts held, claimed and were paid for burned tokens, with one statement for any number of
 * accounts, or in a cluster with two where a chain has more than a few tokens; in the order of the keys.
 */
export async function readHeldTokens(
  db: Queryable,
  keys: readonly HeldKey[],
): Promise<HeldTokens[]> {
  const revisions = new Set<string | null>();
  const areMany = keys.some(({ tokens }) => tokens.length > TOKENS_AT_ONCE);
  if (areMany && !(await isCluster(db))) return readOfHolders(db, keys);
  const held = areMany ? await readTokensOf(db, keys, revisions) : null;
  const candidates = keys.flatMap((key, place) =>
    key.tokens
      .filter((number) => held === null || held.get(key.account)?.has(number) === true)
      .map((tokenNumber): Candidate => ({ key, place, tokenNumber })),
  );
  const rows = await readByToken<Row, Candidate>(db, {
    name: 'held_tokens',
    keys: candidates,
    tokenOf: ({ tokenNumber }) => tokenNumber,
    columns: {
      account: { type: 'bytea', of: ({ key }) => addressBytes(key.account) },
      block_number: { type: 'bigint', of: ({ key }) => key.block },
    },
    branch: heldSql,
    orderBy: 'ordinal',
  });
  for (const { revision } of rows) revisions.add(revision);
  // Statements that saw different states have no common one.
  const [revision = null] = revisions.size === 1 ? revisions : [];
  const answers = keys.map(() => ({ revision, tokens: [] as HeldToken[] }));
  for (const row of rows) {
    const candidate = candidates[row.ordinal];
    const answer = answers[candidate?.place ?? -1];
    if (candidate === undefined || answer === undefined) {
      throw new RangeError(`nobody asked for token ${row.ordinal}`);
    }
    if (row.checkpoints === null) continue;
    answer.tokens.push(decode({ ...row, checkpoints: row.checkpoints }, candidate.tokenNumber));
  }
  for (const { tokens } of answers)
    tokens.sort((one, other) => one.tokenNumber - other.tokenNumber);
  return answers;
}

/** On one server, the accounts themselves lead to their tokens. */
async function readOfHolders(db: Queryable, keys: readonly HeldKey[]): Promise<HeldTokens[]> {
  const ofKeys = `(
    SELECT k.ordinal, k.account, k.block_number, h.number FROM unnest($1::bytea[], $2::bigint[], $3::bigint[])
      WITH ORDINALITY AS k(account, chain_id, block_number, ordinal)
    LEFT JOIN LATERAL (
      SELECT t.number FROM holder h JOIN token t ON t.number = h.token_number AND t.chain_id = k.chain_id
      WHERE h.account = k.account
    ) h ON true
  ) k`;
  const rows = await readRows<Row & { readonly number: number | null }>(
    db,
    'held_tokens_of_many',
    `SELECT * FROM (${heldSql('k.number', ofKeys)}) held ORDER BY ordinal, number`,
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
    if (row.number === null || row.checkpoints === null) continue;
    answer.tokens.push(decode({ ...row, checkpoints: row.checkpoints }, row.number));
  }
  return answers;
}

/** The tokens that accounts ever held. An account does not say in which tokens it is, so all of them are asked. */
async function readTokensOf(
  db: Queryable,
  keys: readonly HeldKey[],
  revisions: Set<string | null>,
): Promise<ReadonlyMap<Address, ReadonlySet<number>>> {
  const rows = await readRows<{
    readonly account: Buffer | null;
    readonly token_number: number;
    readonly revision: string | null;
  }>(
    db,
    'tokens_of_accounts',
    `SELECT NULL::bytea AS account, NULL::integer AS token_number, ${REVISION} AS revision
     UNION ALL
     SELECT account, token_number, NULL::text FROM holder WHERE account = ANY($1::bytea[])`,
    [[...new Set(keys.map(({ account }) => account))].map(addressBytes)],
  );
  const held = new Map<Address, Set<number>>();
  for (const { account, token_number: number, revision } of rows) {
    if (account === null) revisions.add(revision);
    else {
      const address = addressFromBytes(account);
      held.set(address, (held.get(address) ?? new Set()).add(number));
    }
  }
  return held;
}

function heldSql(token: string, items: string): string {
  return `SELECT k.ordinal, ${token} AS number, ${REVISION} AS revision, b.checkpoints, p.claims, p.redeemed_wei
    FROM ${items}
    CROSS JOIN LATERAL (
      SELECT string_agg(c."interval" || ' ' || c.balance, ',') AS checkpoints FROM (
        SELECT b."interval", b.balance FROM balance_checkpoint b
        WHERE b.account = k.account AND b.token_number = ${token}
          AND b.block_number <= k.block_number
        ORDER BY b.block_number DESC, b."interval" DESC LIMIT ${CHECKPOINTS_AT_MOST + 1}
      ) c
    ) b
    LEFT JOIN LATERAL (
      SELECT (SELECT string_agg(c.snapshot_id || ' ' || c.amount_wei, ',') FROM claim c
          WHERE c.holder = k.account AND c.token_number = ${token}
            AND c.block_number <= k.block_number) AS claims,
        (SELECT sum(r.amount_wei) FROM redemption r
          WHERE r.holder = k.account AND r.token_number = ${token}
            AND r.block_number <= k.block_number) AS redeemed_wei
    ) p ON b.checkpoints IS NOT NULL`;
}

function decode(
  { checkpoints, claims, redeemed_wei }: Row & { readonly checkpoints: string },
  tokenNumber: number,
): HeldToken {
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
