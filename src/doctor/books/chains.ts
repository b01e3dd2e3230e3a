import type pg from 'pg';
import type { ChainConfig } from '../../config/types.js';
import { readChainHeads } from '../../store/read/chains/chainHeads.js';
import type { Check } from '../check.js';
import { type FindingKinds, makersOf } from '../finding.js';

const KINDS = {
  CHAIN_NOT_IN_CONFIG: {
    severity: 'warning',
    means: 'a chain has books and is not in the config',
    remedy:
      'Put the chain back into the config: its figures no longer move, and the API still serves them.',
  },
} as const satisfies FindingKinds;

const found = makersOf(KINDS);

/** Whether the config names every chain of the database. */
export const chains: Check<{
  readonly about: string;
  readonly pool: pg.Pool;
  readonly chains: readonly ChainConfig[];
}> = {
  name: 'chains',
  kinds: KINDS,
  async run({ about, pool, chains: configured }) {
    const heads = await readChainHeads(pool);
    const ids = new Set(configured.map(({ id }) => id));
    return [...heads.values()]
      .filter(({ chainId }) => !ids.has(chainId))
      .map(({ chainId, block }) =>
        found.CHAIN_NOT_IN_CONFIG(about, `chain ${chainId} is indexed to block ${block}`),
      );
  },
};
