/** Balances of accounts that a turn leaves out, at most: a tenth of a second. It then ends where it is. */
const PASSED_AT_MOST = 200_000;
const ORDER = 'balance DESC, account';
const REVERSE = 'balance, account DESC';

/** A walk along the index of all balances that holders ever had, from the largest on. Texts are SQL of parameters. */
interface BalanceWalk {
  /** The number of the token. */
  readonly token: string;
  /** Conditions on checkpoints `b`. */
  readonly conditions: readonly string[];
  /** How many balances each turn reads at most. */
  readonly turns: readonly string[];
  /** The largest number of balances that a turn passes over. */
  readonly passed?: number;
}

/**
 * SQL of a walk in turns, items of WITH. An account that moves tokens in every block, as a pool or an issuer does, has
 * thousands of balances in a row. So each turn leaves out the accounts that earlier turns found. The next ones come
 * soon, however often some moved.
 *
 * The last items are `walked(account, balance)`, and `walk_end(is_whole, balance, account)`, a row: where the walk
 * ended, and whether nothing follows.
 */
export function balanceTurns(walk: BalanceWalk): string[] {
  const { turns } = walk;
  const names = turns.map((_, index) => `turn_${index}`);
  const found = names.map((name) => `SELECT account, balance FROM ${name}`).join(' UNION ALL ');
  const wholes = [
    `(SELECT count(*) FROM ${names.at(-1)}) < ${turns.at(-1)}`,
    ...names.map((name) => `NOT EXISTS (SELECT FROM ${name} WHERE is_cut)`),
  ];
  return [
    ...turns.map((most, index) => {
      const select =
        index === 0 ? firstTurn(walk, most) : nextTurn(walk, names.slice(0, index), most);
      return `turn_${index} AS MATERIALIZED (${select})`;
    }),
    `walked AS MATERIALIZED (${found})`,
    `walk_end AS (SELECT l.balance, l.account, ${wholes.join(' AND ')} AS is_whole
      FROM (SELECT) one
      LEFT JOIN (SELECT account, balance FROM walked ORDER BY ${REVERSE} LIMIT 1) l ON true)`,
  ];
}

function firstTurn(walk: BalanceWalk, most: string): string {
  return `SELECT account, balance, false AS is_cut FROM (${rangeSql(walk, [], most)}) w`;
}

/** A turn that passed over too many balances ends at one of an account that it leaves out. */
function nextTurn(walk: BalanceWalk, before: readonly string[], most: string): string {
  const { turns, passed = PASSED_AT_MOST } = walk;
  const previous = before.at(-1);
  const known = before.map((name) => `SELECT account FROM ${name}`).join(' UNION ALL ');
  // Two ranges of the index: with an OR, the walk would begin at the first balance again.
  const ranges = [['b.balance = e.balance', 'b.account > e.account'], ['b.balance < e.balance']];
  const rest = ranges.map((range) => `(${rangeSql(walk, range, String(passed))})`);
  return `SELECT w.account, w.balance, w.is_cut
    FROM (SELECT account, balance FROM ${previous}
      WHERE (SELECT count(*) FROM ${previous}) >= ${turns[before.length - 1]}
      ORDER BY ${REVERSE} LIMIT 1) e
    CROSS JOIN LATERAL (
      SELECT * FROM (
        SELECT account, balance, row_number() OVER (ORDER BY ${ORDER}) = ${passed} AS is_cut
        FROM (SELECT account, balance FROM (${rest.join(' UNION ALL ')}) u
          ORDER BY ${ORDER} LIMIT ${passed}) r
      ) p
      WHERE p.is_cut OR p.account NOT IN (${known})
      ORDER BY ${ORDER} LIMIT ${most}
    ) w`;
}

function rangeSql(
  { token, conditions }: BalanceWalk,
  range: readonly string[],
  most: string,
): string {
  return `SELECT b.account, b.balance FROM balance_checkpoint b
    WHERE b.token_number = ${token} AND ${[...conditions, ...range].join(' AND ')}
    ORDER BY ${ORDER} LIMIT ${most}`;
}
