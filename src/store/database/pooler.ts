import type pg from 'pg';
import { ImoError } from '../../errors.js';
import { noticeLostClients } from './sessionSettings.js';

/**
 * A connection pooler such as PgBouncer gives each transaction another session of the server. It
 * refuses or ignores the `options` of a connection, and in transaction mode the next statement does
 * not find what an earlier one has set or prepared. So every statement behind a pooler has a
 * transaction of its own that brings its settings along, and no statement is named.
 */

/** The parameter of a URL that says so: `?pooler=transaction`. */
const PARAMETER = 'pooler';
const MODE = 'transaction';

const MARKED = new RegExp(`[?&]${PARAMETER}=${MODE}(&|$)`);

/** Whether the URL leads to a pooler. It may have several hosts, which the class `URL` cannot read. */
export function isPooled(url: string): boolean {
  return MARKED.test(url);
}

export function asPooled(url: string): string {
  if (isPooled(url)) return url;
  return `${url}${url.includes('?') ? '&' : '?'}${PARAMETER}=${MODE}`;
}

/** The URL for the driver, which would send the parameter to the server. */
export function withoutPooler(url: string): string {
  if (!isPooled(url)) return url;
  const changed = new URL(url);
  changed.searchParams.delete(PARAMETER);
  return changed.href;
}

/** PgBouncer's words for a connection with `options`. */
export function isRefusedOption(error: unknown): boolean {
  return error instanceof Error && /unsupported startup parameter/i.test(error.message);
}

/** @throws ImoError `DATABASE_POOLED` */
export function refusePooler(): never {
  throw new ImoError(
    'DATABASE_POOLED',
    'the database is behind a connection pooler, and this command writes',
    'Name the PostgreSQL server itself in DATABASE_URL. A pooler loses the locks that keep a second ' +
      'writer out, in transaction mode and in session mode. `serve` may stay behind the pooler.',
  );
}

const OPENING = /^\s*(BEGIN|START\s+TRANSACTION)\b/i;
const CLOSING = /^\s*(COMMIT|END|ABORT|ROLLBACK(?!\s+TO))\b/i;
const INTERVAL = '2s';

type Statement = pg.QueryConfig<unknown[]>;
type Callback = (error: Error | null, result?: pg.QueryResult) => void;
type Send = (statement: Statement) => Promise<pg.QueryResult>;

/**
 * Runs the statements of a connection behind a pooler. One outside a transaction gets its own.
 *
 * @param settings of every transaction, by name
 */
export class PooledStatements {
  private isOpen = false;
  private last: Promise<unknown> = Promise.resolve();
  private readonly prelude: string;
  private readonly beginning: string;

  constructor(
    private readonly send: Send,
    settings: ReadonlyMap<string, string>,
  ) {
    const isReadOnly = settings.get('default_transaction_read_only') === 'on';
    const local = [...settings].map(([name, value]) => `SET LOCAL ${name} = '${quoted(value)}'`);
    const mode = isReadOnly ? ['SET TRANSACTION READ ONLY'] : [];
    this.prelude = [...mode, ...local, noticeLostClients(INTERVAL, 'transaction')].join('; ');
    this.beginning = `BEGIN ISOLATION LEVEL READ COMMITTED; ${this.prelude}`;
  }

  /** The arguments are those of the driver's `query`: a text or an object, values, a callback. */
  query(...[first, second, third]: readonly unknown[]): Promise<pg.QueryResult> | undefined {
    const answer = this.run(statementOf(first, second));
    const callback = [first, second, third].map(callbackOf).find((found) => found !== null);
    if (callback == null) return answer;
    answer.then(
      (result) => callback(null, result),
      (error: Error) => callback(error),
    );
    return undefined;
  }

  private run(statement: Statement): Promise<pg.QueryResult> {
    const { text } = statement;
    if (OPENING.test(text)) {
      this.isOpen = true;
      return this.send({ text: `${text}; ${this.prelude}` });
    }
    if (CLOSING.test(text)) this.isOpen = false;
    else if (!this.isOpen) return this.inTurn(() => this.alone(statement));
    return this.send(statement);
  }

  /** Transactions of statements that are asked at once do not mix. */
  private inTurn(work: () => Promise<pg.QueryResult>): Promise<pg.QueryResult> {
    const result = this.last.then(work);
    this.last = result.catch(() => undefined);
    return result;
  }

  private async alone(statement: Statement): Promise<pg.QueryResult> {
    try {
      await this.send({ text: this.beginning });
      const result = await this.send(statement);
      await this.send({ text: 'COMMIT' });
      return result;
    } catch (error) {
      await this.send({ text: 'ROLLBACK' }).catch(() => undefined);
      throw error;
    }
  }
}

/** Without its name: a prepared statement stays in a session that the next transaction may not get. */
function statementOf(first: unknown, second: unknown): Statement {
  const {
    name: _,
    callback: __,
    ...statement
  } = (typeof first === 'string' ? { text: first } : first) as Statement & { callback?: Callback };
  return Array.isArray(second) ? { ...statement, values: second } : statement;
}

function callbackOf(argument: unknown): Callback | null {
  if (typeof argument === 'function') return argument as Callback;
  if (typeof argument !== 'object' || argument === null || !('callback' in argument)) return null;
  return typeof argument.callback === 'function' ? (argument.callback as Callback) : null;
}

function quoted(value: string): string {
  return value.replace(/'/g, "''");
}
