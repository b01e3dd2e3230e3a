import { type Address, addressFromBytes } from '../../address.js';
import { blockId, lastOperationId } from '../ids.js';
import { readOfTokens } from '../read/query/byToken.js';
import type { Hex } from '../read/query/decode.js';
import type { Queryable } from '../read/query/queryable.js';
import { readRows } from '../read/query/statement.js';
import { HASHED_TABLES, type HashedTable } from './hashedTables.js';

/** Books whose rows share one number. */
export interface NumberedBooks {
  readonly number: number;
  readonly contract: Address;
  /** The ERC-20 that a token shares, for the books in it; `null` for all other books. */
  readonly asset: Address | null;
}

/** The rows of one table for one contract in one block, as one digest. */
export interface BlockPart {
  readonly table: string;
  readonly contract: Address;
  readonly asset: Address | null;
  readonly rows: number;
  /** SHA-256 over the rows in the order of their ids. */
  readonly digest: Hex;
}

/** A block with operations. */
export interface HashedBlock {
  readonly number: number;
  readonly hash: Hex;
  /** Milliseconds. */
  readonly timestampMs: number;
  readonly parts: readonly BlockPart[];
}

/** All books of a chain that continue: the ledger hash has no archived ones. */
export async function readNumberedBooks(db: Queryable, chainId: number): Promise<NumberedBooks[]> {
  const rows = await readRows<{ number: number; address: Buffer; asset: Buffer | null }>(
    db,
    'numbered_books',
    `SELECT number, address, NULL::bytea AS asset FROM token
       WHERE chain_id = $1 AND archived_block IS NULL
     UNION ALL SELECT number, address, NULL FROM contract
       WHERE chain_id = $1 AND archived_block IS NULL
     UNION ALL SELECT a.number, t.address, a.asset
       FROM revenue_asset a JOIN token t ON t.number = a.token_number
       WHERE t.chain_id = $1 AND t.archived_block IS NULL`,
    [chainId],
  );
  return rows.map(({ number, address, asset }) => ({
    number,
    contract: addressFromBytes(address),
    asset: asset === null ? null : addressFromBytes(asset),
  }));
}

/**
 * Returns the next blocks with operations, in order, with the digests of all that is booked in
 * them.
 *
 * @param range above `after`, up to `upTo`; at most `limit` blocks
 */
export async function readHashedBlocks(
  db: Queryable,
  chainId: number,
  books: readonly NumberedBooks[],
  { after, upTo, limit }: { after: number; upTo: number; limit: number },
): Promise<HashedBlock[]> {
  const blocks = await readRows<{ number: number; hash: string; ms: string }>(
    db,
    'hashed_blocks',
    `SELECT number, encode(hash, 'hex') AS hash,
        (extract(epoch from "timestamp") * 1000)::bigint AS ms
      FROM block WHERE id > $1 AND id <= $2 ORDER BY id LIMIT $3`,
    [blockId(chainId, after), blockId(chainId, upTo), limit],
  );
  const last = blocks.at(-1);
  if (last === undefined) return [];
  const parts = await readParts(db, books, after, last.number);
  return blocks.map(({ number, hash, ms }) => ({
    number,
    hash: `0x${hash}`,
    timestampMs: Number(ms),
    parts: parts.get(number) ?? [],
  }));
}

/** What is booked in the blocks above `after` up to `upTo`, by block. */
async function readParts(
  db: Queryable,
  books: readonly NumberedBooks[],
  after: number,
  upTo: number,
): Promise<Map<number, BlockPart[]>> {
  const byNumber = new Map(books.map((book) => [book.number, book]));
  const lastUpTo = (block: number) => ({
    type: 'text',
    of: (number: number) => lastOperationId(number, block),
  });
  const rows = await readOfTokens<PartRow, number>(db, {
    name: 'hashed_parts',
    keys: [...byNumber.keys()],
    tokenOf: (number) => number,
    columns: { low: lastUpTo(after), high: lastUpTo(upTo) },
    // All tables in one statement, so that each connection plans it once.
    branch: (token, keys) =>
      HASHED_TABLES.map((table) => partsOf(table, token, keys)).join('\nUNION ALL\n'),
  });
  const parts = new Map<number, BlockPart[]>();
  for (const row of rows) {
    const book = byNumber.get(row.number);
    if (book === undefined) throw new RangeError(`no books have number ${row.number}`);
    const part: BlockPart = {
      table: row.table,
      contract: book.contract,
      asset: book.asset,
      rows: row.rows,
      digest: `0x${row.digest}`,
    };
    const known = parts.get(row.block_number);
    if (known === undefined) parts.set(row.block_number, [part]);
    else known.push(part);
  }
  return parts;
}

interface PartRow {
  readonly table: string;
  readonly number: number;
  readonly block_number: number;
  readonly rows: number;
  readonly digest: string;
}

/** @param token SQL of the number of the books @param keys a FROM item `k` with the ids that they are between */
function partsOf(table: HashedTable, token: string, keys: string): string {
  return `SELECT '${table.name}' AS "table", r.${table.number} AS number, r.block_number, count(*)::int AS rows,
      encode(sha256(convert_to(string_agg(${lineOf(table)}, E'\\n' ORDER BY r.id), 'UTF8')), 'hex')
        AS digest
    FROM ${keys}
    JOIN ${table.name} r ON r.${table.number} = ${token} AND r.id > k.low AND r.id <= k.high
    GROUP BY r.${table.number}, r.block_number`;
}

/** The values of a row as text, separated by tabs, with \\N for NULL: docs/proofs.md. */
function lineOf({ times, bytes, values, lists, references }: HashedTable): string {
  const withoutNumber = (id: string) => `substr(${id}, strpos(${id}, '-') + 1)`;
  const fields = [
    withoutNumber('r.id'),
    ...times.map((column) => `(extract(epoch from r."${column}") * 1000)::bigint::text`),
    ...bytes.map((column) => orNull(`encode(r."${column}", 'hex')`)),
    ...values.map((column) => orNull(`r."${column}"::text`)),
    ...lists.map(
      (column) =>
        `array_to_string(ARRAY(SELECT encode(item, 'hex') FROM unnest(r."${column}") AS item), ',')`,
    ),
    ...references.map((column) => orNull(withoutNumber(`r."${column}"`))),
  ];
  return fields.join(" || E'\\t' || ");
}

function orNull(text: string): string {
  return `coalesce(${text}, '\\N')`;
}
