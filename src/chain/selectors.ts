import { events, functions } from '../abi/erc7641.js';

/** Functions of ERC-7641 whose frames are operations, and its two logs (DOMAIN.md 2c). */
export const SNAPSHOT = functions.snapshot.selector;
export const CLAIM = functions.claim.selector;
export const CLAIM_BATCH = functions.claimBatch.selector;
export const BURN = functions.burn.selector;

export const OPERATION_SELECTORS: ReadonlySet<string> = new Set([
  SNAPSHOT,
  CLAIM,
  CLAIM_BATCH,
  BURN,
]);

export const TRANSFER_TOPIC = events.Transfer.topic;
export const SNAPSHOT_TOPIC = events.Snapshot.topic;
