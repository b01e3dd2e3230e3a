import type { Address } from '../../address.js';
import type { ChainNode } from '../../chain/node.js';
import type { ChainConfig } from '../../config/types.js';
import { planCost } from '../../plan/cost.js';
import { keepManifest, writeNames } from '../../plan/keepManifest.js';
import { isEmptyPlan, joiningContracts, type Plan } from '../../plan/plan.js';
import { planChain } from '../../plan/planChain.js';
import { planLines } from '../../plan/planText.js';
import { assertApplicable } from '../../plan/refused.js';
import type { SqlClient } from '../../store/database/sqlClient.js';
import type { Queryable } from '../../store/read/query/queryable.js';
import { BOOKING_VERSION } from '../bookingVersions.js';

/** What a run said about its plan, so that another attempt does not say it again. */
export class SaidPlan {
  private text = '';

  say(lines: readonly string[], say: (line: string) => void): void {
    const text = lines.join('\n');
    if (text === this.text) return;
    this.text = text;
    for (const line of lines) say(line);
  }
}

interface PlanningParts {
  /** With what factories created. */
  readonly chain: ChainConfig;
  readonly created: ReadonlySet<Address>;
  readonly db: SqlClient & Queryable;
  readonly node: ChainNode;
  readonly said: SaidPlan;
  readonly say: (line: string) => void;
}

/**
 * Says what the config changes, before anything is changed.
 *
 * @throws ImoError with the code of the first refusal
 */
export async function planRun(parts: PlanningParts): Promise<Plan> {
  const { chain, created, db, node, said, say } = parts;
  const request = { chain, created, versions: BOOKING_VERSION, node: () => Promise.resolve(node) };
  const plan = await planChain(db, request);
  assertApplicable(plan);
  if (!plan.isFirst && !isEmptyPlan(plan)) said.say(planLines(plan, await planCost(db, plan)), say);
  return plan;
}

/** Applies what no history depends on: names, and with nothing to join the whole manifest. */
export async function applyAtOnce(db: SqlClient, plan: Plan): Promise<void> {
  const { chainId, wanted } = plan;
  if (joiningContracts(plan).length === 0) {
    await keepManifest(db, chainId, wanted, BOOKING_VERSION);
  } else {
    await writeNames(db, chainId, wanted);
  }
}
