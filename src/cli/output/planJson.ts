import type { PlanCost } from '../../plan/cost.js';
import { joiningContracts, type Plan } from '../../plan/plan.js';

/** Plans of chains for programs: the manifest that they lead to is left out. */
export function planJson(
  plans: readonly { readonly plan: Plan; readonly cost: PlanCost | null }[],
): string {
  const shown = plans.map(({ plan: { wanted, changes, ...plan }, cost }) => ({
    ...plan,
    name: wanted.name,
    renamedChain: changes.name,
    joining: joiningContracts({ ...plan, wanted, changes }),
    cost,
  }));
  return `${JSON.stringify(shown, null, 2)}\n`;
}
