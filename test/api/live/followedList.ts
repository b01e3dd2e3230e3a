import type { RunningApi } from '../../../src/api/server.js';
import { askData } from '../support.js';
import type { Subscription } from './clients.js';

/** A row of a list; `key` says which one it is. */
type Row = Record<string, unknown> & { readonly block: number };

/** What is followed, and the query whose list it must equal. */
export interface FollowedQuery {
  readonly name: string;
  /** Arguments with their brackets, of the subscription. */
  readonly args?: string;
  /** The same for the query. */
  readonly listArgs: string;
  readonly fields: string;
  readonly keyOf: (row: Row) => string;
}

/** A client that does what docs/live.md tells it to do, and nothing else. */
export class FollowedList {
  readonly rows = new Map<string, Row>();
  readonly withdrawn: Row[] = [];
  readonly gaps: { fromBlock: number; toBlock: number; reason: string }[] = [];
  private isOpened = false;

  constructor(
    private readonly api: RunningApi,
    private readonly query: FollowedQuery,
    private readonly subscription: Subscription,
  ) {}

  static text({ name, args = '', fields }: FollowedQuery): string {
    return `subscription { ${name}${args} {
      asOf { chainId block hash } gap { fromBlock toBlock reason }
      withdrawn { ${fields} } added { ${fields} }
    } }`;
  }

  /** The list by its query. */
  async asked(): Promise<Row[]> {
    const { name, listArgs, fields } = this.query;
    const data = await askData(this.api, `{ ${name}${listArgs} { nodes { ${fields} } } }`);
    return data[name].nodes;
  }

  /** Takes one event, and does what it says. @returns the hash of its block */
  async take(): Promise<string> {
    const { data, errors } = await this.subscription.next();
    if (errors !== undefined) throw new Error(JSON.stringify(errors));
    const { asOf, gap, withdrawn, added } = data[this.query.name];
    if (gap !== null) this.gaps.push(gap);
    if (!this.isOpened) await this.readFrom(0);
    else if (gap !== null) await this.readFrom(gap.fromBlock);
    this.isOpened = true;
    for (const row of withdrawn as Row[]) {
      this.withdrawn.push(row);
      this.rows.delete(this.query.keyOf(row));
    }
    for (const row of added as Row[]) this.rows.set(this.query.keyOf(row), row);
    return asOf.hash;
  }

  async takeUntil(hash: string): Promise<void> {
    while ((await this.take()) !== hash);
  }

  /** What the client has, in the order of the list. */
  get sorted(): Row[] {
    return [...this.rows.values()].sort((left, right) =>
      this.query.keyOf(left) < this.query.keyOf(right) ? -1 : 1,
    );
  }

  private async readFrom(block: number): Promise<void> {
    for (const [key, row] of this.rows) if (row.block >= block) this.rows.delete(key);
    for (const row of await this.asked()) {
      if (row.block >= block) this.rows.set(this.query.keyOf(row), row);
    }
  }
}
