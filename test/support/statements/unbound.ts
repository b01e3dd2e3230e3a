/** What may be the number of a token: a parameter, a whole number, or the hole of a template for one of these. */
const NUMBER = /^(\$\d+|\d+|\$\{(token|book|number|OF_WINDOW)\}|w\.token_number)$/;

/** The hole of a template for the name of a table. */
const NAMED_BY_HOLE = /^\$\{(\w+\.)?(table|name|source)\}$/;

/** The hole for the column of a table that has the number of the owner. */
const OWNER = /\$\{(owner|table\.number)\}/g;

const TOKEN =
  /\$\{[^}]*\}|\$\d+|"[^"]*"|[A-Za-z_][\w]*(?:\.(?:"[^"]*"|\w+))*|\d+|::\s*\w+(?:\[\])?|[()=,;]|[^\s\w()=,;]+/g;

const TABLE_FOLLOWS = new Set(['from', 'join', 'update', 'using']);
const SETS = new Set(['union', 'intersect', 'except']);
const NO_ALIAS =
  /^(where|on|join|left|right|full|inner|cross|natural|order|group|limit|offset|set|using|returning|union|for|having|window|intersect|except|values|tablesample)$/i;

interface Scope {
  /** Name of the rows, and of the table. */
  readonly tables: { readonly alias: string; readonly table: string }[];
  readonly bound: Set<string>;
  hasOr: boolean;
}

/**
 * The tables that a statement reads or changes without `token_number = $1` for each: the number is a parameter or a
 * constant, and the condition is in the WHERE or ON of the same SELECT and not one of several alternatives. What a
 * row is inserted into is not meant: the row has its number.
 *
 * @param tables which are meant
 */
export function unboundTables(sql: string, tables: ReadonlySet<string>): string[] {
  const plain = sql.replaceAll(/'(?:[^']|'')*'/g, "''").replaceAll(OWNER, 'token_number');
  const tokens = (plain.match(TOKEN) ?? []).filter((token) => !token.startsWith('::'));
  const unbound: string[] = [];
  const open: Scope[] = [newScope()];
  const close = () => {
    const scope = open.pop();
    if (scope !== undefined) unbound.push(...unboundOf(scope));
  };
  tokens.forEach((token, place) => {
    const word = token.toLowerCase();
    const scope = open.at(-1);
    if (scope === undefined) return;
    if (word === '(') open.push(newScope());
    else if (word === ')' || word === ';' || SETS.has(word)) {
      close();
      if (word !== ')' || open.length === 0) open.push(newScope());
    } else if (word === 'or') scope.hasOr = true;
    else if (TABLE_FOLLOWS.has(word)) addTable(scope, tokens, place + 1, tables);
    else if (word === '=') addBound(scope, tokens, place);
  });
  while (open.length > 0) close();
  return unbound;
}

function newScope(): Scope {
  return { tables: [], bound: new Set(), hasOr: false };
}

function addTable(
  scope: Scope,
  tokens: readonly string[],
  place: number,
  tables: ReadonlySet<string>,
): void {
  const at = tokens[place]?.toLowerCase() === 'only' ? place + 1 : place;
  const table = tokens[at] ?? '';
  if (!tables.has(table) && !NAMED_BY_HOLE.test(table)) return;
  const next = tokens[at + 1]?.toLowerCase() === 'as' ? at + 2 : at + 1;
  const alias = tokens[next] ?? '';
  const isAlias = /^\w+$/.test(alias) && !NO_ALIAS.test(alias);
  scope.tables.push({ table, alias: isAlias ? alias : table });
}

function addBound(scope: Scope, tokens: readonly string[], place: number): void {
  const sides = [tokens[place - 1] ?? '', tokens[place + 1] ?? ''];
  const number = sides.findIndex((side) => NUMBER.test(side));
  const column = sides[1 - number] ?? '';
  // In an expression, the number alone would not be what it is equal to.
  const isWhole = !/^[-+*/|]+$/.test(tokens[place + 2] ?? '');
  if (number === -1 || !isWhole || !/(^|\.)token_number$/.test(column)) return;
  scope.bound.add(column);
}

function unboundOf({ tables, bound, hasOr }: Scope): string[] {
  const isBound = ({ alias }: Scope['tables'][number]) =>
    !hasOr &&
    (bound.has(`${alias}.token_number`) || (tables.length === 1 && bound.has('token_number')));
  return tables.filter((one) => !isBound(one)).map(({ table }) => table);
}
