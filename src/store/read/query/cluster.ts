import { isDistributed } from '../../distributed/distribution.js';
import type { Queryable } from './queryable.js';

/** Of the database that this process reads; `null`: nobody has looked. It is distributed while no program runs. */
let known: boolean | null = null;

/** Notes what a statement said that had to be sent anyway. */
export function noteCluster(isOne: boolean): void {
  known = isOne;
}

/** Whether the tables are distributed over the nodes of a cluster. */
export async function isCluster(db: Queryable): Promise<boolean> {
  known ??= await isDistributed(db);
  return known;
}
