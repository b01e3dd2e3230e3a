import { z } from 'zod';

const hash = z.string().regex(/^0x[0-9a-f]*$/);
const count = z.number().int().nonnegative();
/** Names that become part of statements, in quotes. */
const name = z.string().regex(/^[a-z_][a-z0-9_]*$/i);

/** How far the books of a chain go. */
const chainPoint = z.object({
  chainId: count,
  block: z.number().int(),
  blockHash: hash,
  finalBlock: z.number().int(),
  ledgerHash: z.object({ block: z.number().int(), hash }).nullable(),
});

const copiedTable = z.object({ name, columns: z.array(name).min(1) });

/** The description of a database, which comes before its rows. */
export const copyDescription = z.object({
  programVersion: z.string(),
  serverVersion: z.string(),
  /** Names of the migrations that made the schema, oldest first. */
  migrations: z.array(name).min(1),
  /** Deferred indexes that exist. */
  indexes: z.array(name),
  chains: z.array(chainPoint),
  tables: z.array(copiedTable),
});

export type ChainPoint = z.infer<typeof chainPoint>;
export type CopiedTable = z.infer<typeof copiedTable>;
export type CopyDescription = z.infer<typeof copyDescription>;

/** A table in a backup file. */
const packedTable = copiedTable.extend({
  rows: count,
  /** Of the rows in COPY's text format. */
  bytes: count,
  /** In the file. */
  packedBytes: count,
  /** SHA-256 of the bytes in the file, as hex. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

/** The header of a backup file. */
export const backupHeader = copyDescription.extend({
  createdAt: z.string(),
  tables: z.array(packedTable),
});

export type PackedTable = z.infer<typeof packedTable>;
export type BackupHeader = z.infer<typeof backupHeader>;
