import DataLoader from 'dataloader';
import type { QueryResultRow } from 'pg';
import type { Queryable } from '../../../store/read/query/queryable.js';
import {
  countVersions,
  readVersions,
  type VersionedKey,
  type VersionQuery,
  type VersionTable,
} from '../../../store/read/query/versionPages.js';
import type { Where } from '../../../store/read/query/where.js';

/**
 * Reads the histories of many rows at once: each row of a page asks for the same part of its own,
 * so what is asked names the statement, and the rows are its keys.
 */
export class VersionLoaders {
  private readonly loaders = new Map<string, DataLoader<VersionedKey, unknown, string>>();

  constructor(private readonly db: Queryable) {}

  /** The first versions of something, as far as `query` says. */
  read<
    Columns extends QueryResultRow,
    Version extends { readonly id: string },
    Values extends object,
  >(
    table: VersionTable<Columns, Version, Values>,
    key: VersionedKey,
    query: VersionQuery<Values>,
  ): Promise<Version[]> {
    const load = (keys: readonly VersionedKey[]) => readVersions(this.db, table, keys, query);
    return this.load(`${table.name} ${textOf(query)}`, key, load);
  }

  /** How many versions something has. */
  count<
    Columns extends QueryResultRow,
    Version extends { readonly id: string },
    Values extends object,
  >(
    table: VersionTable<Columns, Version, Values>,
    key: VersionedKey,
    where: Where<Values> | null | undefined,
  ): Promise<number> {
    const load = (keys: readonly VersionedKey[]) => countVersions(this.db, table, keys, where);
    return this.load(`${table.name} count ${textOf(where)}`, key, load);
  }

  private load<Answer>(
    question: string,
    key: VersionedKey,
    readAll: (keys: readonly VersionedKey[]) => Promise<Answer[]>,
  ): Promise<Answer> {
    let loader = this.loaders.get(question);
    if (loader === undefined) {
      loader = new DataLoader<VersionedKey, unknown, string>(readAll, { cacheKeyFn: nameOf });
      this.loaders.set(question, loader);
    }
    // Equal questions begin with the table, so they have answers of the same type.
    return loader.load(key) as Promise<Answer>;
  }
}

function nameOf({ contractNumber, id, low, high }: VersionedKey): string {
  return `${contractNumber} ${id} ${low} ${high}`;
}

function textOf(question: unknown): string {
  return JSON.stringify(question ?? null, (_, value: unknown) =>
    typeof value === 'bigint' ? `${value}n` : value,
  );
}
