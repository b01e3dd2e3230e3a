import { z } from 'zod';
import { badManifest } from './lakeErrors.js';

/**
 * The form of the lake: its folders, and the fields of its manifests. In layout 1, a manifest had an entry for each
 * file itself, and all of them were written with each commit.
 */
export const LAKE_LAYOUT = 2;

const FileSchema = z.strictObject({
  /** From the root of the lake. */
  path: z.string(),
  table: z.string(),
  chainId: z.int(),
  /** The number that its rows start with. */
  book: z.int(),
  /** `null`: its rows belong to no token, or to several. */
  token: z.string().nullable(),
  day: z.string(),
  rows: z.int(),
  bytes: z.int(),
  sha256: z.string(),
  /** The blocks that were read for it, both included. */
  fromBlock: z.int(),
  toBlock: z.int(),
});

const BookSchema = z.strictObject({
  chainId: z.int(),
  number: z.int(),
  kind: z.string(),
  address: z.string(),
  /** The ERC-20 of these books; `null`: the chain's own coin. */
  asset: z.string().nullable(),
  /** The lake has all rows up to this block. */
  block: z.int(),
  /** SHA-256 over all that is booked up to it. */
  hash: z.string(),
});

const ChainSchema = z.strictObject({
  chainId: z.int(),
  /** The newest block of any of its books in the lake; it was final. */
  block: z.int(),
  /** The newest block up to it in which something was booked. */
  booked: z.strictObject({ block: z.int(), hash: z.string() }).nullable(),
  /** The ledger hash of the database up to it (docs/proofs.md). */
  ledgerHash: z.strictObject({ block: z.int(), hash: z.string() }).nullable(),
  /** SHA-256 of the addresses of its tokens: rows of oracles name them. */
  tokens: z.string(),
});

const HEAD = {
  /** Counts the commits to the lake, from 1. */
  number: z.int(),
  program: z.string(),
  writtenAt: z.string(),
  chains: z.array(ChainSchema),
  books: z.array(BookSchema),
  /** What amounts are counted in. */
  units: z.array(
    z.strictObject({
      chainId: z.int(),
      asset: z.string(),
      symbol: z.string().nullable(),
      decimals: z.int().nullable(),
    }),
  ),
  /** By table: its columns, those of the path included. */
  columns: z.record(z.string(), z.array(z.strictObject({ name: z.string(), type: z.string() }))),
  /** The attempt that staged the newest files, and their paths. */
  staged: z.strictObject({ attempt: z.string(), paths: z.array(z.string()) }),
  /** Files that newer ones replace; they are deleted some time after `since`. */
  replaced: z.array(z.strictObject({ path: z.string(), since: z.string() })),
};

const StoredSchema = z.discriminatedUnion('layout', [
  z.strictObject({ layout: z.literal(1), ...HEAD, files: z.array(FileSchema) }),
  z.strictObject({
    layout: z.literal(LAKE_LAYOUT),
    ...HEAD,
    /** The files are in these lists, each file in one. */
    lists: z.array(z.strictObject({ path: z.string(), files: z.int(), sha256: z.string() })),
  }),
]);

const ListSchema = z.strictObject({ files: z.array(FileSchema) });

export type LakeFile = z.infer<typeof FileSchema>;
export type LakeBookState = z.infer<typeof BookSchema>;
export type LakeChainState = z.infer<typeof ChainSchema>;

/** A manifest as it is written. */
export type WrittenManifest = z.infer<typeof StoredSchema>;

const HeadSchema = z.strictObject(HEAD);

/** All that is in a lake after a commit. */
export interface LakeManifest extends z.infer<typeof HeadSchema> {
  readonly files: readonly LakeFile[];
}

/** @throws ImoError `LAKE_BAD_MANIFEST` */
export function parseLakeManifest(path: string, text: string): WrittenManifest {
  return parsed(path, text, StoredSchema);
}

/** @throws ImoError `LAKE_BAD_MANIFEST` */
export function parseFileList(path: string, text: string): readonly LakeFile[] {
  return parsed(path, text, ListSchema).files;
}

function parsed<Parsed>(path: string, text: string, schema: z.ZodType<Parsed>): Parsed {
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw badManifest(path, cause);
  }
}
