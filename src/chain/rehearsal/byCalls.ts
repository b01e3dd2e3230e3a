import { Interface } from 'ethers';
import { z } from 'zod';
import type { Address } from '../../address.js';
import { ImoError } from '../../errors.js';
import type { RehearsalAnswer, RehearsalStep } from '../../ledger/rehearsal.js';
import type { ChainNode } from '../node.js';
import { ACTOR_CODE } from './actorCode.js';
import { callOf, overridesOf, PAYER, placeOf, quantity, type Start } from './calls.js';

/** `contracts/RehearsalActor.sol` */
export const ACTOR = new Interface([
  'function act((address target, uint256 value, bytes data)[] steps) returns ((bool success, bytes returnData)[])',
]);

/** The state of an account that a node is asked to override. */
interface Override {
  readonly balance?: string;
  readonly code?: string;
  readonly stateDiff?: Readonly<Record<string, string>>;
}

type Overrides = Readonly<Record<string, Override>>;

const account = z.object({
  balance: z.string().optional(),
  storage: z.record(z.string(), z.string()).default({}),
});
const difference = z.object({
  pre: z.record(z.string(), account),
  post: z.record(z.string(), account),
});

const ZERO_WORD = `0x${'0'.repeat(64)}`;

/**
 * Runs a script by `eth_call` alone: the node puts code at the address of the holder, which makes the
 * calls one after the other. One call has one block, and so one snapshot; where the node serves
 * `debug_traceCall`, what a call changed is the state of the next one.
 *
 * @returns answers for the first steps of the script: up to the second snapshot, or for all;
 *   `null` where the node does not serve it
 * @throws ImoError `RPC_UNREACHABLE`
 */
export async function rehearsedByCalls(
  node: ChainNode,
  token: Address,
  start: Start,
  script: readonly RehearsalStep[],
): Promise<RehearsalAnswer[] | null> {
  let overrides: Overrides = overridesOf(start);
  const answers: RehearsalAnswer[] = [];
  const parts = partsOf(script);
  for (const [index, steps] of parts.entries()) {
    const asked = questionOf(token, start, steps, index + 1, overrides);
    const found = await answersTo(node, start, asked, steps);
    if (found === null) return index === 0 ? null : answers;
    answers.push(...found);
    const next = parts.length > index + 1 ? await after(node, start, asked, overrides) : null;
    if (next === null) return answers;
    overrides = next;
  }
  return answers;
}

/** The first part has one snapshot, as all others. */
function partsOf(script: readonly RehearsalStep[]): RehearsalStep[][] {
  const parts: RehearsalStep[][] = [[]];
  let snapshots = 0;
  for (const step of script) {
    if (step.kind === 'snapshot') {
      snapshots += 1;
      if (snapshots > 1) parts.push([]);
    }
    parts.at(-1)?.push(step);
  }
  return parts;
}

interface AskedCall {
  readonly call: { readonly from: Address; readonly to: Address; readonly data: string };
  readonly state: Overrides;
  readonly place: ReturnType<typeof placeOf>;
}

function questionOf(
  token: Address,
  start: Start,
  steps: readonly RehearsalStep[],
  at: number,
  overrides: Overrides,
): AskedCall {
  const { holder } = start;
  const calls = steps.map((step) => {
    const { to, valueWei, data } = callOf(token, start, step);
    return [to, valueWei, data];
  });
  return {
    call: { from: PAYER, to: holder, data: ACTOR.encodeFunctionData('act', [calls]) },
    state: { ...overrides, [holder]: { ...overrides[holder], code: ACTOR_CODE } },
    place: placeOf(start, at),
  };
}

async function answersTo(
  node: ChainNode,
  { block }: Start,
  { call, state, place }: AskedCall,
  steps: readonly RehearsalStep[],
): Promise<RehearsalAnswer[] | null> {
  const answer = await orNull(() => node.callOn(call, block, state, place));
  // A node that ignores the code has none to run there, and answers nothing.
  if (answer === null || answer === '0x') return null;
  const [results] = ACTOR.decodeFunctionResult('act', answer);
  const given = steps.map((_, index): RehearsalAnswer => {
    const { success, returnData } = results[index];
    const value = success && returnData.length === 66 ? BigInt(returnData) : null;
    return { succeeded: success, value };
  });
  return steps.map((step, index) => {
    const known = given[index] ?? { succeeded: false, value: null };
    if (step.kind !== 'snapshot') return known;
    // No log says that it was taken: the view knows its id from then on.
    const isKnown = steps.some(
      (later, at) => at > index && later.kind === 'claimable' && given[at]?.value != null,
    );
    return { succeeded: known.succeeded && isKnown, value: null };
  });
}

/** The state after a call, as overrides of that before it. */
async function after(
  node: ChainNode,
  { block }: Start,
  { call, state, place }: AskedCall,
  overrides: Overrides,
): Promise<Overrides | null> {
  const answer = await orNull(() => node.changesOf(call, block, state, place));
  const parsed = difference.safeParse(answer);
  if (!parsed.success) return null;
  const { pre, post } = parsed.data;
  const changed: Record<string, Override> = { ...overrides };
  for (const address of new Set([...Object.keys(pre), ...Object.keys(post)])) {
    const known = changed[address] ?? {};
    const stateDiff: Record<string, string> = { ...known.stateDiff };
    // What is only in the state before became zero.
    for (const slot of Object.keys(pre[address]?.storage ?? {})) stateDiff[slot] = ZERO_WORD;
    Object.assign(stateDiff, post[address]?.storage);
    const balance = post[address]?.balance ?? known.balance;
    changed[address] = {
      ...known,
      ...(balance === undefined ? {} : { balance: quantity(BigInt(balance)) }),
      ...(Object.keys(stateDiff).length === 0 ? {} : { stateDiff }),
    };
  }
  return changed;
}

/** `null` where the node does not serve the question. */
async function orNull<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    const isAnswered = error instanceof ImoError && error.code.startsWith('RPC_');
    if (isAnswered && error.code !== 'RPC_UNREACHABLE') return null;
    throw error;
  }
}
