import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { GraphQLError } from 'graphql';
import type { GraphQLParams, Plugin } from 'graphql-yoga';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import type { PersistedQueriesConfig } from '../../../config/serving.js';
import { ImoError } from '../../../errors.js';
import { inputError } from '../../errors.js';

/** `{"<sha256>": "query …"}`, or what Apollo's tools write. */
const FILE = z.union([
  z.object({ operations: z.array(z.object({ id: z.string(), body: z.string() })) }),
  z.record(z.string(), z.string()),
]);

const EXTENSION = z.object({ version: z.literal(1), sha256Hash: z.string() });

/** Characters of the queries that clients have registered. */
const REGISTERED_AT_MOST = 2_000_000;

/** @throws ImoError `PERSISTED_QUERIES_INVALID` */
export async function loadPersistedQueries(
  file: string | null,
): Promise<ReadonlyMap<string, string>> {
  if (file === null) return new Map();
  try {
    const content = FILE.parse(JSON.parse(await readFile(file, 'utf8')));
    return Array.isArray(content.operations)
      ? new Map(content.operations.map(({ id, body }) => [id, body]))
      : new Map(Object.entries(content as Record<string, string>));
  } catch (cause) {
    throw new ImoError(
      'PERSISTED_QUERIES_INVALID',
      `the persisted queries in ${file} cannot be read`,
      'Write JSON: {"<sha256 of the query>": "query …"}, or a persisted query manifest of Apollo.',
      { cause },
    );
  }
}

/**
 * Lets clients send the SHA-256 of a query in place of its text (`extensions.persistedQuery`):
 * of those in the file, and of those that somebody has sent with its text before (Apollo's
 * automatic persisted queries). Locked down, all others are refused.
 */
export function persistedQueries(
  listed: ReadonlyMap<string, string>,
  { only }: Pick<PersistedQueriesConfig, 'only'>,
): Plugin {
  const registered = new LRUCache<string, string>({
    maxSize: REGISTERED_AT_MOST,
    sizeCalculation: (query) => query.length + 100,
  });
  const texts = new Set(listed.values());
  return {
    onParams({ params, setParams }) {
      // A batch may contain anything: invalid parts are refused later.
      if (typeof params !== 'object' || params === null) return;
      const answer = resolve(params);
      if (answer === null) return;
      if ('query' in answer) setParams({ ...params, query: answer.query });
      else throw answer.error;
    },
  };

  /** `null`: the query is there and may be asked. */
  function resolve({
    query,
    extensions,
  }: GraphQLParams): { query: string } | { error: GraphQLError } | null {
    const hash = EXTENSION.safeParse(extensions?.persistedQuery).data?.sha256Hash;
    if (typeof query === 'string' && query !== '') {
      const error = refusalOf(query, hash);
      return error === null ? null : { error };
    }
    if (hash === undefined) return only ? { error: notListed() } : null;
    const known = listed.get(hash) ?? registered.get(hash);
    if (known !== undefined) return { query: known };
    return { error: only ? notListed() : notFound() };
  }

  /** Registers a query that comes with its hash; `null`: it may be asked. */
  function refusalOf(query: string, hash: string | undefined): GraphQLError | null {
    if (only) return texts.has(query) ? null : notListed();
    if (hash === undefined) return null;
    if (createHash('sha256').update(query).digest('hex') !== hash) return wrongHash();
    registered.set(hash, query);
    return null;
  }
}

/** Apollo's clients check the message, and then send the text. */
function notFound(): GraphQLError {
  return inputError(
    'PERSISTED_QUERY_NOT_FOUND',
    'PersistedQueryNotFound',
    'Send the query with its hash once; then the hash alone is enough.',
  );
}

function wrongHash(): GraphQLError {
  return inputError(
    'PERSISTED_QUERY_HASH_WRONG',
    'the hash is not the SHA-256 of the query',
    'Send the lower case hex SHA-256 of exactly the text of the query.',
  );
}

/** The query is not one that a locked down server answers. */
export function notListed(): GraphQLError {
  return inputError(
    'PERSISTED_QUERY_NOT_IN_LIST',
    'this server answers only the queries of its list',
    'Ask the operator to add the query to the list.',
  );
}
