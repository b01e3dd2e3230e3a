import { resolve } from 'node:path';
import { z } from 'zod';

/** Where what was read of final blocks is kept. */
export interface CacheConfig {
  /** A folder; absolute. */
  readonly folder: string;
  /** What was used least recently goes first when it is larger. */
  readonly maxBytes: number;
}

const DEFAULT_CACHE_FOLDER = '.imo-ledger/cache';
const DEFAULT_MAX_BYTES = 2 * 1024 ** 3;
const UNITS: Readonly<Record<string, number>> = { MB: 1024 ** 2, GB: 1024 ** 3, TB: 1024 ** 4 };

/** Keys below `cache`. */
export const CACHE_KEYS: Readonly<Record<string, readonly string[]>> = {
  cache: ['path', 'maxSize'],
};

export const CACHE_KEY_HINTS: Readonly<Record<string, string>> = {
  cache:
    'Write a folder, `cache: {path: .imo-ledger/cache, maxSize: 2 GB}`, `cache: false` for none, or leave it out for this one.',
  path: 'Write a folder, e.g. `path: .imo-ledger/cache`; relative to imo.yaml.',
  maxSize: 'Write a size with its unit, e.g. `maxSize: 500 MB` or `maxSize: 2 GB`.',
};

const size = z
  .string()
  .regex(/^\d+(\.\d+)? ?(MB|GB|TB)$/, 'is not a size')
  .transform((text) => {
    const [, number = '0', unit = 'MB'] = /^([\d.]+) ?(\w+)$/.exec(text) ?? [];
    return Math.round(Number(number) * (UNITS[unit] ?? 1));
  });

/**
 * A folder, `{path, maxSize}`, `true` or nothing for the default folder, or `false` for none.
 *
 * @param base of relative paths: the folder of imo.yaml
 */
export function cacheField(base: string) {
  return z
    .preprocess(
      (value) =>
        typeof value === 'string'
          ? { path: value }
          : value === false
            ? null
            : value == null || value === true
              ? {}
              : value,
      z
        .strictObject({
          path: z.string().min(1).default(DEFAULT_CACHE_FOLDER),
          maxSize: size.default(DEFAULT_MAX_BYTES),
        })
        .nullable(),
    )
    .transform((entry): CacheConfig | null =>
      entry === null ? null : { folder: resolve(base, entry.path), maxBytes: entry.maxSize },
    );
}
