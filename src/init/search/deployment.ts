import type { Address } from '../../address.js';
import { firstBlock } from '../../chain/contract/deployment.js';
import { unlessWithoutState } from '../../chain/withoutState.js';
import type { Subject } from '../node/subject.js';
import { searchLogs } from './logs.js';

/** Where a contract begins, as far as the endpoint says. */
export interface FoundDeployment {
  /** `null`: unknown. */
  readonly block: number | null;
  /** By its code in old states, or by its first log, which may be later. */
  readonly by: 'code' | 'first log';
}

/** What was found before: neighbours of several tokens are the same contracts. */
const found = new WeakMap<Subject, Map<Address, Promise<FoundDeployment>>>();

/**
 * Finds the block of a deployment by bisection. Where the node does not keep old states, the first log
 * of the contract takes its place: nothing of a token can happen before it gives out its first units.
 */
export function findDeployment(subject: Subject, address: Address): Promise<FoundDeployment> {
  const known = found.get(subject) ?? new Map<Address, Promise<FoundDeployment>>();
  found.set(subject, known);
  const deployment = known.get(address) ?? search(subject, address);
  known.set(address, deployment);
  return deployment;
}

async function search(subject: Subject, address: Address): Promise<FoundDeployment> {
  const { node, head, progress } = subject;
  const steps = Math.ceil(Math.log2(head + 1));
  let step = 0;
  const block = await unlessWithoutState(() =>
    firstBlock(
      async (candidate) => {
        step++;
        progress(`${address}: deployment block, step ${step} of ${steps}`);
        return (await node.code(address, candidate)) !== '0x';
      },
      0,
      head,
    ),
  );
  if (block !== null) return { block, by: 'code' };
  progress(`${address}: the endpoint keeps no old states; searching its first log`);
  const { items } = await searchLogs(subject, { address }, { from: 0, to: head }, 1);
  return { block: items[0]?.blockNumber ?? null, by: 'first log' };
}
