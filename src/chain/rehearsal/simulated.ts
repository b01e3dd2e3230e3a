import { z } from 'zod';
import type { Address } from '../../address.js';
import type { RehearsalAnswer, RehearsalStep } from '../../ledger/rehearsal.js';
import type { ChainNode } from '../node.js';
import { SNAPSHOT_TOPIC } from '../reading/selectors.js';
import { callOf, overridesOf, placeOf, quantity, type Start } from './calls.js';

const GAS = '0x2dc6c0';

const hex = z.string().regex(/^0x[0-9a-fA-F]*$/);
const answered = z.array(
  z.object({
    calls: z.array(
      z.object({
        status: hex,
        returnData: hex,
        logs: z.array(z.object({ address: hex, topics: z.array(hex) })).default([]),
      }),
    ),
  }),
);

/**
 * Runs a script by `eth_simulateV1`: every step is a call of its own, in simulated blocks.
 *
 * @returns an answer for each step; `null` where the node answers something else
 * @throws ImoError `RPC_…` where the node does not serve it
 */
export async function simulated(
  node: ChainNode,
  token: Address,
  start: Start,
  script: readonly RehearsalStep[],
): Promise<RehearsalAnswer[] | null> {
  const result = answered.safeParse(
    await node.simulate(blocksOf(token, start, script), start.block),
  );
  if (!result.success) return null;
  const calls = result.data.flatMap((block) => block.calls);
  if (calls.length !== script.length) return null;
  return script.map((step, index) => answerOf(token, step, calls[index]));
}

/** A simulated block begins with each snapshot, long after the one before. */
function blocksOf(token: Address, start: Start, script: readonly RehearsalStep[]): unknown[] {
  const blocks: { blockOverrides: object; stateOverrides?: object; calls: unknown[] }[] = [];
  for (const step of script) {
    let block = blocks.at(-1);
    if (block === undefined || step.kind === 'snapshot') {
      const at = blocks.length + 1;
      block = {
        blockOverrides: { ...placeOf(start, at), baseFeePerGas: '0x0' },
        ...(at === 1 ? { stateOverrides: overridesOf(start) } : {}),
        calls: [],
      };
      blocks.push(block);
    }
    const { from, to, valueWei, data } = callOf(token, start, step);
    block.calls.push({ from, to, value: quantity(valueWei), data, gas: GAS });
  }
  return blocks;
}

function answerOf(
  token: Address,
  step: RehearsalStep,
  call: z.infer<typeof answered>[number]['calls'][number] | undefined,
): RehearsalAnswer {
  const succeeded = call !== undefined && BigInt(call.status) === 1n;
  if (!succeeded || call === undefined) return { succeeded: false, value: null };
  if (step.kind === 'snapshot') {
    const taken = call.logs.some(
      ({ address, topics }) => address.toLowerCase() === token && topics[0] === SNAPSHOT_TOPIC,
    );
    return { succeeded: taken, value: null };
  }
  const { returnData } = call;
  return { succeeded, value: returnData.length === 66 ? BigInt(returnData) : null };
}
