import { createHash } from 'node:crypto';
import type { ChainConfig } from '../../config/types.js';
import { programVersion } from '../../programVersion.js';
import type { HoldRecord } from '../../store/read/tokens/holds.js';

/** With what a contract was held: another program or another config may book its blocks. */
export type AttemptMark = Pick<HoldRecord, 'programVersion' | 'configHash'>;

/**
 * The mark of this program with a config. The config is hashed with its endpoints, because a node may
 * have been at fault, and because a URL may hold a key.
 */
export function attemptMark(chain: ChainConfig): AttemptMark {
  const text = JSON.stringify(chain, (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
  const configHash = createHash('sha256').update(text).digest('hex');
  return { programVersion: programVersion(), configHash };
}

/** Whether a contract was held by another program or with another config. */
export function isChanged(hold: AttemptMark, now: AttemptMark): boolean {
  return hold.programVersion !== now.programVersion || hold.configHash !== now.configHash;
}
