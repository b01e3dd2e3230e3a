import type { ChainConfig } from '../../config/types.js';
import { ImoError } from '../../errors.js';
import { joiningContracts, type Plan } from '../../plan/plan.js';
import { chainIdOf } from '../../store/booksKey.js';
import type { SqlClient } from '../../store/database/sqlClient.js';
import { type ContractGroup, readGroups } from '../../store/registry/groups.js';
import { namedBy } from './ownContracts.js';

/** Whether a chain is divided as the config wants it. */
export function isSameDivision(
  stored: readonly ContractGroup[],
  wanted: readonly ContractGroup[],
): boolean {
  return JSON.stringify(stored.map(textOf)) === JSON.stringify(wanted.map(textOf));
}

const textOf = ({ key, name, contracts }: ContractGroup) => [key, name, ...contracts];

/**
 * Makes sure that the chain is divided as when this process started: another one may have made one chain of its groups
 * while this one had no connection. Ask it with the lock of the group.
 *
 * @param chain of the group
 * @throws ImoError `GROUPS_CHANGED`
 */
export async function assertStillGroup(db: SqlClient, chain: ChainConfig): Promise<void> {
  const chainId = chainIdOf(chain.id);
  const group = (await readGroups(db, chainId)).find(({ key }) => key === chain.id);
  const own = [...namedBy(chain)].sort();
  if (group !== undefined && JSON.stringify(group.contracts) === JSON.stringify(own)) return;
  throw new ImoError(
    'GROUPS_CHANGED',
    `the groups of chain ${chainId} in the database are no longer those that this process was started with`,
    'Start `imo-ledger index` or `run` again. Nothing was changed.',
  );
}

/**
 * Refuses what a group cannot apply alone: books that join or end concern the whole chain.
 *
 * @throws ImoError `GROUPS_CANNOT_CHANGE`
 */
export function assertGroupPlan(plan: Plan): void {
  if (joiningContracts(plan).length === 0 && plan.archived.length === 0) return;
  const [first] = [...joiningContracts(plan), ...plan.archived];
  throw new ImoError(
    'GROUPS_CANNOT_CHANGE',
    `${first?.kind} ${first?.address} joins or leaves chain ${plan.chainId}, and the chain is indexed in groups`,
    'Remove `groups` from the config, run `imo-ledger index` until the change is done, then add `groups` again.',
  );
}
