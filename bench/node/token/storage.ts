import { mappingSlot } from '../../../src/audit/questions/mappingSlot.js';
import type { TokenState } from './state.js';

/** Slots of `RevShareWindowed.sol`. */
const SUPPLY = 2n;
const SNAPSHOT_COUNTER = 12n;
const LAST_SNAPSHOT = 13n;
const CLAIMABLE = 14n;
const CLAIMED = 15n;
const REDEEM_POOL = 17n;
const REDEEMED_FROM_NEW = 18n;
/** Slots above are those of mappings; a proxy has a few there too, and this contract is not one. */
const LARGEST_PLAIN_SLOT = 18n;

const IDS_TO_COME = 16;

const idOf = new Map<bigint, { readonly place: bigint; readonly id: number }>();
let knownIds = 0;

/** A word of the contract's storage; `null` where the model does not know it. */
export function storageWord(state: TokenState, slot: bigint): bigint | null {
  const { figures } = state;
  if (slot === SUPPLY) return figures.supply;
  if (slot === SNAPSHOT_COUNTER) return BigInt(figures.lastId);
  if (slot === LAST_SNAPSHOT) return figures.lastSnapshotTime;
  if (slot === REDEEM_POOL) return figures.redeemPoolWei;
  if (slot === REDEEMED_FROM_NEW) return figures.redeemedFromNewWei;
  if (slot <= LARGEST_PLAIN_SLOT) return null;
  // The slot may be that of a snapshot to come.
  for (; knownIds <= figures.lastId + IDS_TO_COME; knownIds++) {
    for (const place of [CLAIMABLE, CLAIMED]) {
      idOf.set(mappingSlot(place, knownIds), { place, id: knownIds });
    }
  }
  const found = idOf.get(slot);
  if (found === undefined) return null;
  if (found.id > figures.lastId) return 0n;
  return found.place === CLAIMABLE ? state.claimable(found.id) : state.claimed(found.id);
}
