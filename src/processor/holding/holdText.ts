import { checksummed } from '../../address.js';
import type { HoldRecord } from '../../store/read/tokens/holds.js';

/** `The books of token 0x… end at block 17 (CODE): reason`. */
export function describe({
  kind,
  address,
  lastBlock,
  code,
  reason,
}: Pick<HoldRecord, 'kind' | 'address' | 'lastBlock' | 'code' | 'reason'>): string {
  return `The books of ${kind} ${checksummed(address)} end at block ${lastBlock} (${code}): ${reason}`;
}
