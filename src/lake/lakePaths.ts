/** Committed manifests: `_manifests/0000000012.json`. The greatest number is the lake. */
export const MANIFESTS = '_manifests';
/** Lists of files, which manifests name: `_lists/0000000012-3fa9….json`. None is ever changed. */
export const FILE_LISTS = '_lists';
/** Files of commits that are not complete, by attempt. */
export const STAGING = '_staging';
/** A copy of the newest manifest whose files are all in place: for readers. */
export const LATEST = 'manifest-latest.json';
/** Views over its files, for DuckDB. */
export const VIEWS = 'views.sql';

/** Whole days: no file there is ever replaced, except by a rebuild. */
export const DAYS = 'days';
/** Days that are not over: their files are replaced by one in `days`. */
export const RECENT = 'recent';

/** The folder of rows without a token, as Hive names it. */
export const NO_TOKEN = '__HIVE_DEFAULT_PARTITION__';

const MANIFEST_NAME = /^_manifests\/(\d{10})\.json$/;

export function manifestPath(number: number): string {
  return `${MANIFESTS}/${String(number).padStart(10, '0')}.json`;
}

/** @param name is the list's own: another writer may commit the same number */
export function listPath(number: number, name: string): string {
  return `${FILE_LISTS}/${String(number).padStart(10, '0')}-${name}.json`;
}

/** `null`: not the path of a manifest. */
export function manifestNumber(path: string): number | null {
  const digits = MANIFEST_NAME.exec(path)?.[1];
  return digits === undefined ? null : Number(digits);
}

interface FilePlace {
  readonly zone: typeof DAYS | typeof RECENT;
  readonly table: string;
  readonly chainId: number;
  readonly token: string | null;
  readonly day: string;
  readonly book: number;
  readonly fromBlock: number;
  readonly toBlock: number;
  readonly attempt: string;
}

/** `days/transfers/chain_id=1/token=0x…/day=2025-06-01/part-1-0-999-3fa9….parquet`. */
export function filePath(place: FilePlace): string {
  const { zone, table, chainId, token, day, book, fromBlock, toBlock, attempt } = place;
  return (
    `${zone}/${table}/chain_id=${chainId}/token=${token ?? NO_TOKEN}/day=${day}/` +
    `part-${book}-${fromBlock}-${toBlock}-${attempt}.parquet`
  );
}
