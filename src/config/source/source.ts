import { z } from 'zod';
import { FINDER_KINDS, type FinderKind } from './finderKinds.js';

/** Keys below `source`. */
export const SOURCE_KEYS: Readonly<Record<string, readonly string[]>> = {
  source: ['finders', 'blocksAtOnce', 'blocksAtLeast'],
};

export const SOURCE_KEY_HINTS: Readonly<Record<string, string>> = {
  source:
    'Write `source: {finders: [ranges, state]}` to choose how final blocks are found, or leave it out.',
  finders: `Write a list of ${FINDER_KINDS.join(', ')}, e.g. \`finders: [ranges, state]\`, or leave it out: then all are tried.`,
  blocksAtOnce:
    'Write how many blocks one question about logs or call frames may span, e.g. `blocksAtOnce: 2000`.',
  blocksAtLeast:
    'Write from how many final blocks on finders are used, e.g. `blocksAtLeast: 500`. Fewer are read one by one.',
};

/** How final blocks are found. Left out: as the endpoints can. */
export const sourceField = z
  .strictObject({
    finders: z.array(z.enum(FINDER_KINDS)).min(1).optional(),
    blocksAtOnce: z.int().min(1).max(1_000_000).optional(),
    blocksAtLeast: z.int().min(1).optional(),
  })
  .nullish()
  .transform((source): SourceConfig => {
    const { finders, blocksAtOnce, blocksAtLeast } = source ?? {};
    return {
      ...(finders === undefined ? {} : { finders }),
      ...(blocksAtOnce === undefined ? {} : { blocksAtOnce }),
      ...(blocksAtLeast === undefined ? {} : { blocksAtLeast }),
    };
  });

interface ChainEntry {
  readonly source: SourceConfig;
  readonly portal?: unknown;
  readonly gateway?: unknown;
}

/** Refuses a finder that is a service whose URL the chain does not have. */
export function checkSource(chain: ChainEntry, context: z.core.$RefinementCtx<ChainEntry>): void {
  for (const [index, finder] of (chain.source.finders ?? []).entries()) {
    if (finder !== 'portal' && finder !== 'gateway') continue;
    if (chain[finder] != null) continue;
    context.addIssue({
      code: 'custom',
      path: ['source', 'finders', index],
      message: `the finder "${finder}" needs \`${finder}:\`, which the chain does not have`,
      params: {
        code: 'CONFIG_INVALID',
        hint: `Write \`${finder}: https://…\` for the chain, or delete "${finder}" from the list.`,
      },
    });
  }
}

/** How final blocks are found and read. */
export interface SourceConfig {
  /** Ways that may be used; default: all. */
  readonly finders?: readonly FinderKind[];
  /** Fewer final blocks than this are read one by one; default 500. */
  readonly blocksAtLeast?: number;
  /** Blocks that one question about logs or call frames asks for at most; default 50,000. */
  readonly blocksAtOnce?: number;
}
