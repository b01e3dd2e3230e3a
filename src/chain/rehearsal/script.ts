import type { RehearsalStep } from '../../ledger/rehearsal.js';

/** More than any known window: snapshots leave it, and what was not claimed comes back. */
const SNAPSHOTS = 7;

/** Not a multiple of 100 under any percentage, so that each rounding shows. */
const FIRST_RECEIPT_WEI = 1_000_000_000_000_099n;
const NEXT_RECEIPTS_WEI = 313_000_000_000_037n;

/**
 * Receipts, snapshots, claims and burns that tell every known rule apart: all of the first snapshot
 * is claimed, nothing of the second, and so on; burns come before and after a snapshot.
 *
 * @param held by the one holder who acts, in token units
 * @param taken snapshots that the contract took before
 */
export function rehearsalScript(supply: bigint, held: bigint, taken = 0): RehearsalStep[] {
  const steps: RehearsalStep[] = [];
  const ask = (upTo: number, remaining: bigint) => {
    for (let snapshotId = taken + 1; snapshotId <= taken + upTo; snapshotId++) {
      steps.push({ kind: 'claimable', snapshotId });
    }
    steps.push({ kind: 'redeemable', amount: remaining }, { kind: 'redeemable', amount: 1n });
    steps.push({ kind: 'balance' });
  };
  const part = held / 16n;
  // Two holders, so that shares are rounded.
  const given = held / 3n;
  let remaining = held - given;
  if (given > 0n) steps.push({ kind: 'transfer', amount: given });
  const burn = () => {
    if (part === 0n) return;
    steps.push({ kind: 'burn', amount: part });
    remaining -= part;
  };
  for (let id = 1; id <= SNAPSHOTS; id++) {
    const wei = id === 1 ? FIRST_RECEIPT_WEI : NEXT_RECEIPTS_WEI * BigInt(id);
    // Small supplies share large sums evenly; what is left over must show too.
    steps.push({ kind: 'receipt', wei: wei + (supply < wei ? supply / 3n : 0n) });
    ask(id - 1, remaining);
    if (id % 2 === 0) burn();
    steps.push({ kind: 'snapshot' });
    ask(id, remaining);
    if (id % 2 === 1) steps.push({ kind: 'claim', snapshotId: taken + id });
    if (id % 3 === 0) burn();
    ask(id, remaining);
  }
  return steps;
}
