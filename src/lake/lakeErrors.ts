import { ImoError } from '../errors.js';

/** Another process committed to the lake first. */
export function otherWriter(place: string): ImoError {
  return new ImoError(
    'LAKE_OTHER_WRITER',
    `another process wrote the next manifest of ${place}`,
    'Nothing is lost: run it again when the other process has ended. Let one process write a lake.',
  );
}

/** What the lake has is not what the database has now. */
export function historyChanged(reasons: readonly string[], rebuild: readonly string[]): ImoError {
  const shown = reasons.slice(0, 3).join('; ');
  const more = reasons.length > 3 ? `; and ${reasons.length - 3} more` : '';
  return new ImoError(
    'LAKE_HISTORY_CHANGED',
    `the lake has rows that the database no longer has: ${shown}${more}`,
    'A final block was replaced, or books were deleted or indexed again. Nothing is written. Write these books ' +
      `again with ${rebuild.map((what) => `--rebuild ${what}`).join(' ')}.`,
  );
}

/** The database ends before the lake. */
export function lakeAhead(chainId: number, lakeBlock: number, block: number): ImoError {
  return new ImoError(
    'LAKE_AHEAD',
    `the lake has chain ${chainId} up to block ${lakeBlock}, and the database only up to final block ${block}`,
    'The database is an older copy, or is indexed again. Wait until it is as far, or write the chain again ' +
      `with --rebuild ${chainId}.`,
  );
}

/** The program now writes other columns. */
export function columnsChanged(tables: readonly string[]): ImoError {
  return new ImoError(
    'LAKE_COLUMNS_CHANGED',
    `this version writes other columns than the lake has, in ${tables.join(', ')}`,
    'Write the lake again with --rebuild all, or into another folder.',
  );
}

/** The books changed while they were read. */
export function booksChanged(chainId: number): ImoError {
  return new ImoError(
    'LAKE_BOOKS_CHANGED',
    `the books of chain ${chainId} changed while they were written to the lake`,
    'Nothing of it is in the lake. Run it again.',
  );
}

/** Fewer or more rows were written than are booked. */
export function rowsDiffer(table: string, booked: number, written: number): ImoError {
  return new ImoError(
    'LAKE_ROWS_DIFFER',
    `${written} rows of ${table} would be written, but ${booked} are booked`,
    'Nothing of it is in the lake. Run it again; report it if it happens again.',
  );
}

/** A manifest that this version cannot read. */
export function badManifest(path: string, cause: unknown): ImoError {
  return new ImoError(
    'LAKE_BAD_MANIFEST',
    `${path} is not a manifest of a lake that this version can read`,
    'Use the version that wrote it, or write the lake into another folder.',
    { cause },
  );
}

/** The folder has other things in it. */
export function notALake(place: string): ImoError {
  return new ImoError(
    'LAKE_NOT_A_LAKE',
    `${place} is not empty, and is not a lake`,
    'Name an empty folder, or one that does not exist yet.',
  );
}

/** Nothing was written there yet. */
export function noLake(place: string): ImoError {
  return new ImoError(
    'LAKE_NOT_FOUND',
    `${place} has no lake`,
    'Write it first, without --verify: `imo-ledger lake DIR`.',
  );
}

/** A committed file is gone. */
export function fileMissing(path: string): ImoError {
  return new ImoError(
    'LAKE_FILE_MISSING',
    `${path} of the lake is missing`,
    'Check the lake with --verify, and write what is damaged again with --rebuild.',
  );
}

/** An argument of --rebuild that names nothing. */
export function badRebuild(what: string): ImoError {
  return new ImoError(
    'LAKE_BAD_REBUILD',
    `--rebuild ${what} names nothing in the lake`,
    'Give the id of a chain, the address of a contract, or all.',
  );
}

/** A URL that is not one of S3. */
export function badPlace(where: string): ImoError {
  return new ImoError(
    'LAKE_BAD_PLACE',
    `"${where}" is not a place for a lake`,
    'Name a folder, or s3://BUCKET/PREFIX.',
  );
}

/** The optional dependency is missing. */
export function noS3Client(cause: unknown): ImoError {
  return new ImoError(
    'LAKE_NO_S3_CLIENT',
    'the S3 client is not installed, and s3:// places need it',
    'Run `npm install @aws-sdk/client-s3` next to imo-ledger, or install without `--omit=optional`.',
    { cause },
  );
}

/** The server would let two writers create the same manifest. */
export function noConditions(place: string): ImoError {
  return new ImoError(
    'LAKE_NO_CONDITIONS',
    `the server of ${place} replaces an object although the request says \`If-None-Match: *\``,
    'Two writers could destroy the lake there. Use a server that has conditional writes, like Amazon S3.',
  );
}
