import type { Address } from '../../address.js';
import { joiningContracts, type Plan } from '../../plan/plan.js';
import type { JoiningContract } from '../../store/joining/joiningBooks.js';

/** What a plan wants to join. */
export interface Joining {
  readonly plan: Plan;
  readonly contracts: readonly JoiningContract[];
  /** Which contracts of the plan a factory created. */
  readonly created: ReadonlySet<Address>;
}

/** The contracts of a plan that join together; empty if none has to. */
export function contractsToJoin(plan: Plan): JoiningContract[] {
  if (plan.isFirst || joiningContracts(plan).length === 0) return [];
  // Others that are new have a past by the time these have joined.
  return [...plan.added, ...plan.rebooked].map(({ kind, address }) => {
    return { kind, address: address as JoiningContract['address'] };
  });
}
