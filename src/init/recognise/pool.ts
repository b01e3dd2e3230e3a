import { checksummed } from '../../address.js';
import { detectPool } from '../../chain/pools/detectPool.js';
import { POOL_PRESETS } from '../../config/pools/presets.js';
import { ImoError } from '../../errors.js';
import type { Found } from '../found.js';
import type { Subject } from '../node/subject.js';

/**
 * The entries of known pools of `lookThrough`. A pool whose views answer is certain; the others are likely only,
 * and the comment has the reason.
 *
 * @param names of `POOL_PRESETS`
 */
export async function knownPools(
  { node, progress }: Subject,
  names: readonly string[],
): Promise<Found[]> {
  const found: Found[] = [];
  for (const name of names) {
    const preset = POOL_PRESETS[name];
    if (preset === undefined) throw new RangeError(`there is no pool ${name}`);
    const { address, kind, token, label } = preset;
    progress(`${address}: what it is`);
    const config = { address, kind, token, label, startBlock: null, custom: null };
    const keys = { kind, token: checksummed(token), label };
    const because = `found because it is a known deployment, the ${label}`;
    try {
      const { startBlock } = await detectPool(node, config, null);
      const comments = [`${because}; it has the views of a pool of kind ${kind}`];
      const entry = { ...keys, startBlock };
      found.push({ list: 'lookThrough', address, isCertain: true, keys: entry, comments });
    } catch (error) {
      if (!(error instanceof ImoError) || !error.code.startsWith('POOL_')) throw error;
      const comments = [`${because}; but ${error.message}`];
      found.push({ list: 'lookThrough', address, isCertain: false, keys, comments });
    }
  }
  return found;
}
