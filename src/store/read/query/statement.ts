import type { QueryResultRow } from 'pg';
import type { Queryable } from './queryable.js';

/**
 * Runs a named statement: Postgres parses and plans it once per connection. A name must always have
 * the same text.
 */
export async function readRows<Row extends QueryResultRow>(
  db: Queryable,
  name: string,
  text: string,
  values: unknown[],
): Promise<Row[]> {
  const { rows } = await db.query<Row>({ name, text, values });
  return rows;
}

/** Values of a statement whose text is built from parts. `add` returns the placeholder. */
export class Parameters {
  readonly values: unknown[] = [];
  /** Whether clients choose more of the text than which of a few filters it has. */
  isFreeForm = false;
  /** Whether clients choose the columns. */
  isNarrowed = false;

  add(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }
}

/**
 * Each connection keeps every named statement forever, and clients choose the combination of
 * filters. So only a limited number of texts get a name; the rest are planned each time.
 */
const NAMED_TEXTS_AT_MOST = 256;
/** Counted separately, so that no client can crowd out the texts that all others use. */
const NAMED_TEXTS = {
  '': new Map<string, string>(),
  _fields: new Map<string, string>(),
  _where: new Map<string, string>(),
};

/** Runs a statement whose text depends on the given filters. */
export async function readComposedRows<Row extends QueryResultRow>(
  db: Queryable,
  prefix: string,
  text: string,
  parameters: Parameters,
): Promise<Row[]> {
  const suffix = parameters.isFreeForm ? '_where' : parameters.isNarrowed ? '_fields' : '';
  const named = NAMED_TEXTS[suffix];
  let name = named.get(text);
  if (name === undefined && named.size < NAMED_TEXTS_AT_MOST) {
    name = `${prefix}${suffix}_${named.size}`;
    named.set(text, name);
  }
  const { rows } = await db.query<Row>({ name, text, values: parameters.values });
  return rows;
}
