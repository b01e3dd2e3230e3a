import type { PlanCost } from '../../plan/cost.js';
import { joiningContracts, type Plan } from '../../plan/plan.js';
import type { FactoryForecast } from '../../processor/factories/foreseeCreations.js';
import type { PlannedGroup } from './groupLines.js';

/** Plans of chains for programs: the manifest that they lead to is left out. */
export function planJson(
  plans: readonly {
    readonly plan: Plan;
    readonly cost: PlanCost | null;
    readonly factories: readonly FactoryForecast[];
    readonly groups: readonly PlannedGroup[];
  }[],
): string {
  const shown = plans.map(({ plan: { wanted, changes, ...plan }, cost, factories, groups }) => ({
    ...plan,
    name: wanted.name,
    renamedChain: changes.name,
    joining: joiningContracts({ ...plan, wanted, changes }),
    cost,
    groups,
    factories: factories.map(({ error: _, ...factory }) => factory),
  }));
  return `${JSON.stringify(shown, null, 2)}\n`;
}
