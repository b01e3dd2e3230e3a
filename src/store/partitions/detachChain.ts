import type { Address } from '../../address.js';
import { ImoError } from '../../errors.js';
import type { DatabaseClient } from '../database/postgres.js';
import type { DetachedPartition } from './detached.js';
import { type Announce, detachToken } from './detachToken.js';
import { findToken, ownPartitions } from './findToken.js';
import { tokensOfChain } from './tokensOfChain.js';

/** What was done with one token. */
export interface TokenPartitions {
  readonly address: Address;
  readonly partitions: readonly DetachedPartition[];
}

/**
 * Detaches every archived token of a chain, one after the other. Begins only when each of them can be
 * detached. A run that was stopped is continued by the next one.
 *
 * @returns the tokens whose books continue: they stay
 * @throws ImoError `CHAIN_WITHOUT_TOKENS`, `DETACH_NOT_ARCHIVED`, `NOT_PARTITIONED`, `PARTITION_SHARED`
 */
export async function detachChain(
  db: DatabaseClient,
  chainId: number,
  options: {
    signal: AbortSignal;
    announce: Announce;
    onDetached: (token: TokenPartitions) => void;
  },
): Promise<readonly Address[]> {
  const { archived, continuing } = await tokensOfChain(db, chainId);
  if (archived.length === 0) {
    throw new ImoError(
      'DETACH_NOT_ARCHIVED',
      `no token of chain ${chainId} is archived: \`index\` writes the books of all ${continuing.length}`,
      'Nothing is changed. Take tokens out of the config, let `imo-ledger index` archive them, then detach them.',
    );
  }
  for (const address of archived) await ownPartitions(db, await findToken(db, chainId, address));
  for (const address of archived) {
    options.onDetached({ address, partitions: await detachToken(db, chainId, address, options) });
  }
  return continuing;
}
