/** Balances of accounts that a turn leaves out, at most: a tenth of a second. It then ends where it is. */
const PASSED_AT_MOST = 200_000;

/** A walk along the index of all balances that holders ever had. Texts are SQL of parameters, or of columns. */
interface BalanceWalk {
  /** The number of the token, a parameter. */
  readonly token: string;
  /** Conditions on checkpoints `b`. */
  readonly conditions: readonly string[];
  readonly isDescending: boolean;
  /** The place that it begins after; `null`: from the first balance. */
  readonly start: BalancePlaceSql | null;
  /** How many balances each turn reads at most. */
  readonly turns: readonly string[];
  /** The largest number of balances that a turn passes over. */
  readonly passed?: number;
}

interface BalancePlaceSql {
  readonly balance: string;
  readonly account: string;
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
  const { turns, isDescending } = walk;
  const names = turns.map((_, index) => `turn_${index}`);
  const reverse = balanceOrder(!isDescending);
  const last = `LEFT JOIN (SELECT account, balance FROM walked ORDER BY ${reverse} LIMIT 1) l ON true`;
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
    `walked AS MATERIALIZED (${names.map((name) => `SELECT account, balance FROM ${name}`).join(' UNION ALL ')})`,
    `walk_end AS (SELECT l.balance, l.account, ${wholes.join(' AND ')} AS is_whole
      FROM (SELECT) one ${last})`,
  ];
}

/** ORDER BY of balances in the order of a list. */
function balanceOrder(isDescending: boolean): string {
  return isDescending ? 'balance DESC, account' : 'balance, account DESC';
}

function firstTurn(walk: BalanceWalk, most: string): string {
  const { start, isDescending } = walk;
  const ranges = start === null ? [[]] : beyond(start, isDescending);
  return `SELECT account, balance, false AS is_cut FROM (${rangesSql(walk, ranges, most)}) w`;
}

/** A turn that passed over too many balances ends at one of an account that it leaves out. */
function nextTurn(walk: BalanceWalk, before: readonly string[], most: string): string {
  const { isDescending, turns, passed = PASSED_AT_MOST } = walk;
  const previous = before.at(-1);
  const order = balanceOrder(isDescending);
  const known = before.map((name) => `SELECT account FROM ${name}`).join(' UNION ALL ');
  const place = { balance: 'e.balance', account: 'e.account' };
  return `SELECT w.account, w.balance, w.is_cut
    FROM (SELECT account, balance FROM ${previous}
      WHERE (SELECT count(*) FROM ${previous}) >= ${turns[before.length - 1]}
      ORDER BY ${balanceOrder(!isDescending)} LIMIT 1) e
    CROSS JOIN LATERAL (
      SELECT * FROM (
        SELECT account, balance, row_number() OVER (ORDER BY ${order}) = ${passed} AS is_cut
        FROM (${rangesSql(walk, beyond(place, isDescending), String(passed))}) r
      ) p
      WHERE p.is_cut OR p.account NOT IN (${known})
      ORDER BY ${order} LIMIT ${most}
    ) w`;
}

/** SQL of the first balances of ranges that follow each other. */
function rangesSql(
  { token, conditions, isDescending }: BalanceWalk,
  ranges: readonly (readonly string[])[],
  most: string,
): string {
  const order = balanceOrder(isDescending);
  const selects = ranges.map(
    (range) => `(SELECT b.account, b.balance FROM balance_checkpoint b
      WHERE b.token_number = ${token} AND ${[...conditions, ...range].join(' AND ')}
      ORDER BY ${order} LIMIT ${most})`,
  );
  return `SELECT account, balance FROM (${selects.join(' UNION ALL ')}) u
    ORDER BY ${order} LIMIT ${most}`;
}

/** Conditions of the two ranges of the index that follow a place: with an OR, the walk would begin at the first balance. */
function beyond({ balance, account }: BalancePlaceSql, isDescending: boolean): string[][] {
  const [next, past] = isDescending ? ['<', '>'] : ['>', '<'];
  return [
    [`b.balance = ${balance}`, `b.account ${past} ${account}`],
    [`b.balance ${next} ${balance}`],
  ];
}
