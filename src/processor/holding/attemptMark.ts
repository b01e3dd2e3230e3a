import { createHash } from 'node:crypto';
import type { ChainConfig } from '../../config/types.js';
import { programVersion } from '../../programVersion.js';
import { registryKey } from '../../store/booksKey.js';
import type { HoldRecord } from '../../store/read/tokens/holds.js';

/** With what a contract was held: another program or another config may book its blocks. */
export type AttemptMark = Pick<HoldRecord, 'programVersion' | 'configHash'>;

/** A contract that is held, or may be. */
type HeldContract = Pick<HoldRecord, 'kind' | 'address'>;

/**
 * The mark of this program with a contract's own entry of the config and with where its blocks are read. It covers
 * the endpoints, because a node may have been at fault, and is hashed, because a URL may hold a key. A plan books
 * the contract again for anything else that its rows depend on (docs/changes.md).
 */
export function attemptMark(chain: ChainConfig, contract: HeldContract): AttemptMark {
  // Of a group, that of its chain.
  const id = registryKey(chain.id);
  const { rpcUrl, fallbackRpcUrls, rpcTimeoutSeconds, traceTimeoutSeconds } = chain;
  const { portal, gatewayUrl, gatewayKey, source, cache, startBlock } = chain;
  return markOf({
    ...{ id, rpcUrl, fallbackRpcUrls, rpcTimeoutSeconds, traceTimeoutSeconds },
    ...{ portal, gatewayUrl, gatewayKey, source, cache, startBlock },
    own: ownEntries(chain, contract),
  });
}

/** The mark of this program with a whole config. */
export function configMark(chain: ChainConfig): AttemptMark {
  return markOf(chain);
}

function ownEntries(chain: ChainConfig, { kind, address }: HeldContract): unknown {
  // The aggregator that publishes prices may be another one than that of the config.
  if (kind === 'feed') return chain.prices;
  const { tokens, sales, collections, oracles, lookThrough = [], factories } = chain;
  const entries = [tokens, sales, collections, oracles, lookThrough].map((list) =>
    list.filter((entry) => entry.address === address).map(withoutLabel),
  );
  // Else a factory created it.
  return entries.flat().length > 0 ? entries : factories;
}

function withoutLabel(entry: object): object {
  return { ...entry, label: undefined };
}

function markOf(config: object): AttemptMark {
  const text = JSON.stringify(config, (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
  const configHash = createHash('sha256').update(text).digest('hex');
  return { programVersion: programVersion(), configHash };
}

/** Whether a contract was held by another program or with another config. */
export function isChanged(hold: AttemptMark, now: AttemptMark): boolean {
  return hold.programVersion !== now.programVersion || hold.configHash !== now.configHash;
}
