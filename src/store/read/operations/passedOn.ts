import { type Address, addressBytes, addressFromBytes } from '../../../address.js';
import type { SqlClient } from '../../database/sqlClient.js';
import { lastOperationId } from '../../ids.js';
import { readByToken } from '../query/byToken.js';
import { compareValues } from '../query/keysetPage.js';
import { type BookOfKey, readBooksOfKey } from '../tokens/books.js';

/**
 * The live tokens of a chain that received money which one of the addresses paid or passed on, by that
 * address. It reads every receipt of the chain once.
 *
 * @param key of the books: of the live ones, the chain id
 * @param above only receipts above this block; `null`: all
 */
export async function readPassedOn(
  db: SqlClient,
  key: number,
  addresses: readonly Address[],
  above: number | null = null,
): Promise<ReadonlyMap<Address, readonly Address[]>> {
  const found = new Map<Address, Address[]>();
  if (addresses.length === 0) return found;
  const books = (await readBooksOfKey(db, key)).filter(({ isLive }) => isLive);
  const rows = await readByToken<{ readonly source: Buffer; readonly ordinal: number }, BookOfKey>(
    db,
    {
      name: 'passed_on',
      keys: books,
      tokenOf: ({ number }) => number,
      shared: [addresses.map(addressBytes)],
      columns: {
        after: {
          type: 'text',
          of: ({ number }) => (above === null ? '' : lastOperationId(number, above)),
        },
      },
      branch: (book, items) => `SELECT DISTINCT passed.address AS source, k.ordinal
        FROM ${items} JOIN receipt r ON r.token_number = ${book} AND r.id > k.after
        CROSS JOIN LATERAL unnest(r.path || r.payer || r.source_address) AS passed(address)
        WHERE passed.address = ANY($1::bytea[])`,
    },
  );
  const passed = rows
    .map(({ source, ordinal }) => ({ source: addressFromBytes(source), ordinal }))
    .toSorted((left, right) => compareValues(left.source, right.source));
  for (const { source, ordinal } of passed) {
    const tokens = found.get(source) ?? [];
    const token = books[ordinal]?.token;
    if (token !== undefined && !tokens.includes(token)) found.set(source, [...tokens, token]);
  }
  for (const tokens of found.values()) tokens.sort();
  return found;
}

/** The labelled addresses that receipts of the live books of a chain are attributed to. */
export async function readKnownSources(db: SqlClient, key: number): Promise<Address[]> {
  const books = (await readBooksOfKey(db, key)).filter(({ isLive }) => isLive);
  const rows = await readByToken<{ readonly address: Buffer }, BookOfKey>(db, {
    name: 'known_sources',
    keys: books,
    tokenOf: ({ number }) => number,
    columns: {},
    branch: (book, items) => `SELECT DISTINCT r.source_address AS address
      FROM ${items} JOIN receipt r ON r.token_number = ${book}
      WHERE r.source = 'known' AND r.source_address IS NOT NULL`,
  });
  return [...new Set(rows.map(({ address }) => addressFromBytes(address)))];
}
