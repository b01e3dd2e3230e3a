import type { QueryResultRow } from 'pg';
import { isCluster } from './cluster.js';
import type { Queryable } from './queryable.js';
import { Parameters, readComposedRows, readRows } from './statement.js';

/**
 * Statements about several tokens have a branch for each: a cluster keeps the rows of a token on one node, and finds
 * the node by `token_number = $1`. It cannot run a statement that takes the numbers of tokens from rows. Each branch
 * costs about 0.1 ms of planning.
 */

/** A column of the keys: its type in SQL, and its value. */
export interface KeyColumn<Key> {
  readonly type: string;
  of(key: Key): unknown;
}

/** A statement about some keys, each of one token. */
export interface TokenRead<Key> {
  /** Of the statement in metrics. Texts with the same name differ only in the number of tokens. */
  readonly name: string;
  readonly keys: readonly Key[];
  /** The number of the token, or of the books in an asset. */
  tokenOf(key: Key): number;
  /** Columns of the FROM item of a branch, after `ordinal`: the place of the key, from 0. */
  readonly columns: Readonly<Record<string, KeyColumn<Key>>>;
  /** Values that all branches use, `$1` and so on. */
  readonly shared?: readonly unknown[];
  /**
   * The SELECT of one token.
   *
   * @param token SQL of its number, a parameter
   * @param keys a FROM item `k(ordinal, …)` with its keys
   */
  branch(token: string, keys: string): string;
  /** ORDER BY of all rows. */
  readonly orderBy?: string;
  /** Whether `token` may be a column of the keys: then one SELECT is enough for many tokens on one server. */
  readonly isJoinable?: boolean;
  /** Whether a branch is recursive: a cluster runs such a SELECT only by itself. */
  readonly isRecursive?: boolean;
}

/** Reads the rows of some keys; without keys, nothing. */
export async function readByToken<Row extends QueryResultRow, Key>(
  db: Queryable,
  { name, shared = [], orderBy, isRecursive = false, isJoinable = false, ...read }: TokenRead<Key>,
): Promise<Row[]> {
  const parameters = new Parameters();
  for (const value of shared) parameters.add(value);
  const tokens = new Set(read.keys.map(read.tokenOf)).size;
  const isJoined = isJoinable && !(await needsBranches(db, tokens));
  const branches = isJoined ? [joined(read, parameters)] : tokenBranches(read, parameters);
  const { length } = branches;
  if (length === 0) return [];
  const order = orderBy === undefined ? '' : ` ORDER BY ${orderBy}`;
  const text = `${isRecursive ? unionOfApart(branches) : unionOf(branches)}${order}`;
  if (length > BRANCHES_KEPT) return readUnnamed(db, text, parameters);
  return readRows(db, nameOf(name, isJoined ? null : length), text, parameters.values);
}

/**
 * Reads rows of any number of tokens, in any order. One server reads them with one statement. A cluster runs a statement
 * for each token, on the node that has its rows: a statement of hundreds of branches would take longer to plan.
 *
 * `branch` must not use `ordinal`.
 */
export async function readOfTokens<Row extends QueryResultRow, Key>(
  db: Queryable,
  read: Omit<TokenRead<Key>, 'orderBy' | 'isRecursive' | 'isJoinable'>,
): Promise<Row[]> {
  const { name, keys, tokenOf, shared = [] } = read;
  if (keys.length === 0) return [];
  if (!(await isCluster(db))) {
    const parameters = new Parameters();
    for (const value of shared) parameters.add(value);
    return readRows(db, nameOf(name, null), joined(read, parameters), parameters.values);
  }
  const rows: Row[][] = [];
  for (const ordinals of ordinalsByToken(keys, tokenOf).values()) {
    const own = ordinals.flatMap((ordinal) => keys.slice(ordinal, ordinal + 1));
    rows.push(await readByToken<Row, Key>(db, { ...read, keys: own }));
  }
  return rows.flat();
}

/** Of statements with the same text. @param branches `null`: the tokens are rows */
function nameOf(name: string, branches: number | null): string {
  if (branches === null) return `${name}_of_many`;
  return branches === 1 ? name : `${name}_of_${branches}`;
}

type StatementOptions = 'name' | 'shared' | 'orderBy' | 'isRecursive' | 'isJoinable';

/** The SELECT of all tokens, whose numbers are a column of the keys. */
function joined<Key>(
  { keys, tokenOf, columns, branch }: Omit<TokenRead<Key>, StatementOptions>,
  parameters: Parameters,
): string {
  const arrays = [
    `${parameters.add(keys.map((_, ordinal) => ordinal))}::integer[]`,
    ...Object.values(columns).map(({ type, of }) => `${parameters.add(keys.map(of))}::${type}[]`),
    `${parameters.add(keys.map(tokenOf))}::integer[]`,
  ];
  const names = ['ordinal', ...Object.keys(columns), 'token_of_key'].join(', ');
  return branch('k.token_of_key', `unnest(${arrays.join(', ')}) AS k(${names})`);
}

/** The branches of a statement about some keys, for `readComposedBranches`. */
export function tokenBranches<Key>(
  { keys, tokenOf, columns, branch }: Omit<TokenRead<Key>, StatementOptions>,
  parameters: Parameters,
): string[] {
  const names = ['ordinal', ...Object.keys(columns)].join(', ');
  return [...ordinalsByToken(keys, tokenOf)].map(([number, ordinals]) => {
    const token = `${parameters.add(number)}::integer`;
    const own = ordinals.flatMap((ordinal) => keys.slice(ordinal, ordinal + 1));
    const arrays = [
      `${parameters.add(ordinals)}::integer[]`,
      ...Object.values(columns).map(({ type, of }) => `${parameters.add(own.map(of))}::${type}[]`),
    ];
    return branch(token, `unnest(${arrays.join(', ')}) AS k(${names})`);
  });
}

function ordinalsByToken<Key>(
  keys: readonly Key[],
  tokenOf: (key: Key) => number,
): Map<number, number[]> {
  const ordinals = new Map<number, number[]>();
  for (const [ordinal, key] of keys.entries()) {
    const number = tokenOf(key);
    const own = ordinals.get(number);
    if (own === undefined) ordinals.set(number, [ordinal]);
    else own.push(ordinal);
  }
  return ordinals;
}

/** Statements with more branches are planned each time: every connection would keep their plans for ever. */
const BRANCHES_KEPT = 4;

/**
 * Whether a statement about so many tokens has a branch for each. One server takes many numbers from rows as well, and
 * plans that once: 200 branches take it several times as long.
 */
export async function needsBranches(db: Queryable, tokens: number): Promise<boolean> {
  return tokens <= BRANCHES_KEPT || (await isCluster(db));
}

/**
 * Runs a statement that is made of branches, and whose text depends on the given filters.
 *
 * @param around makes the statement of the union of the branches
 */
export function readComposedBranches<Row extends QueryResultRow>(
  db: Queryable,
  prefix: string,
  branches: readonly string[],
  around: (union: string) => string,
  parameters: Parameters,
): Promise<Row[]> {
  const text = around(unionOf(branches));
  if (branches.length > BRANCHES_KEPT) return readUnnamed(db, text, parameters);
  return readComposedRows(db, prefix, text, parameters);
}

async function readUnnamed<Row extends QueryResultRow>(
  db: Queryable,
  text: string,
  { values }: Parameters,
): Promise<Row[]> {
  const { rows } = await db.query<Row>({ text, values });
  return rows;
}

/** Each branch is a statement of its own, whose rows the others do not see. */
function unionOfApart(branches: readonly string[]): string {
  if (branches.length === 1) return unionOf(branches);
  const name = (place: number) => `branch_${place}`;
  const tables = branches.map((branch, place) => `${name(place)} AS MATERIALIZED (${branch})`);
  const all = unionOf(branches.map((_, place) => `SELECT * FROM ${name(place)}`));
  return `WITH ${tables.join(', ')} ${all}`;
}

/** Balanced, so that thousands of branches are not nested in each other. */
function unionOf(branches: readonly string[]): string {
  const [only] = branches;
  if (branches.length === 1 && only !== undefined) return only;
  if (branches.length <= 32) return branches.map((branch) => `(${branch})`).join(' UNION ALL ');
  const half = branches.length >> 1;
  return `(${unionOf(branches.slice(0, half))}) UNION ALL (${unionOf(branches.slice(half))})`;
}
