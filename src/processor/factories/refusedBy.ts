import type { ChainConfig } from '../../config/types.js';
import { configMark } from '../holding/attemptMark.js';

/** What refuses contracts of factories: another program or config may take them. */
export function refusedBy(chain: ChainConfig): string {
  const { programVersion, configHash } = configMark(chain);
  return `${programVersion} ${configHash}`;
}
