import type { SqlClient } from '../store/database/sqlClient.js';
import { countBookedRows } from '../store/read/operations/bookedRows.js';
import { readRegistered } from '../store/registry/registered.js';
import { joiningContracts, type Plan } from './plan.js';

/** What reading the history of the joining contracts takes, roughly. */
export interface PlanCost {
  readonly fromBlock: number;
  readonly toBlock: number;
  /** Rows of the contracts that are booked again, as they are now. */
  readonly knownRows: number;
}

/** `null` where nothing joins. */
export async function planCost(db: SqlClient, plan: Plan): Promise<PlanCost | null> {
  const joining = joiningContracts(plan);
  if (joining.length === 0 || plan.indexedTo === null) return null;
  const registered = await readRegistered(db, plan.chainId);
  const known = registered.filter(({ kind, address }) =>
    plan.rebooked.some((again) => again.kind === kind && again.address === address),
  );
  const late = plan.added.filter(({ hasPast }) => hasPast);
  return {
    fromBlock: Math.min(...[...late, ...known].map(({ startBlock }) => startBlock)),
    toBlock: plan.indexedTo,
    knownRows: await countBookedRows(
      db,
      known.map(({ number }) => number),
    ),
  };
}
