import type { SourceConfig } from '../../src/config/types.js';

/** Ways to read final blocks that a proof can be run with. */
export const PROOF_SOURCES = ['ranges', 'state', 'blocks'] as const;

export type ProofSource = (typeof PROOF_SOURCES)[number];

/** Only that way, however few blocks there are. */
export function sourceConfig(source: ProofSource | undefined): { source?: SourceConfig } {
  return source === undefined ? {} : { source: { finders: [source], blocksAtLeast: 1 } };
}
