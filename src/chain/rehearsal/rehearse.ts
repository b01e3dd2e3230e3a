import { functions as erc20 } from '../../abi/erc20.js';
import { functions } from '../../abi/erc7641.js';
import { type Address, ZERO_ADDRESS } from '../../address.js';
import { ImoError } from '../../errors.js';
import type { Rehearsal, RehearsalAnswer, RehearsalStep } from '../../ledger/rehearsal.js';
import { lastSnapshotId } from '../../ledger/state.js';
import type { ChainNode } from '../node.js';
import { TRANSFER_TOPIC } from '../selectors.js';
import { topicAddress } from '../topicAddress.js';
import { rehearsedByCalls } from './byCalls.js';
import type { Start } from './calls.js';
import { rehearsalScript } from './script.js';
import { simulated } from './simulated.js';

/** Told why a contract was not rehearsed, or only in part. */
export type SayUnrehearsed = (reason: string) => void;

const SILENT: SayUnrehearsed = () => undefined;

/**
 * Runs receipts, snapshots, claims and burns of a contract on its real state after its deployment.
 * Nothing is written to the chain.
 *
 * @returns `null` where it cannot be rehearsed: the node serves no simulation or not that state, the
 *   contract had no supply or no holder then, or lets nobody take a snapshot
 */
export async function rehearse(
  node: ChainNode,
  token: Address,
  deployedAt: number,
  say: SayUnrehearsed = SILENT,
): Promise<Rehearsal | null> {
  try {
    const start = await startOf(node, token, deployedAt);
    if (start !== null) return await rehearseFrom(node, token, start, say);
    say('nobody held any of it after its deployment');
    return null;
  } catch (error) {
    return unserved(error, say);
  }
}

/** The same on the state at the end of any block, with the pools that the books have then. */
export async function rehearseFrom(
  node: ChainNode,
  token: Address,
  start: Start,
  say: SayUnrehearsed = SILENT,
): Promise<Rehearsal | null> {
  const taken = start.pools === null ? 0 : lastSnapshotId(start.pools);
  const script = rehearsalScript(start.supply, start.held, taken);
  try {
    const answers = await answersOf(node, token, start, script);
    if (answers === null) {
      say('the node serves neither eth_simulateV1 nor eth_call with the code of another account');
      return null;
    }
    const steps = answers.flatMap((answer, index) => {
      const step = script[index];
      return step === undefined ? [] : [{ step, answer }];
    });
    if (steps.some(({ step, answer }) => step.kind === 'snapshot' && !answer.succeeded)) {
      // A contract that takes no snapshot from a stranger shows nothing.
      say('a holder could take no snapshot in the simulation');
      return null;
    }
    if (steps.length < script.length) {
      say('the node simulates one snapshot only, so its window and roll-over were not tried');
    }
    return { ...start, steps };
  } catch (error) {
    return unserved(error, say);
  }
}

/** By `eth_simulateV1` or, where the node does not serve it, by `eth_call`. */
async function answersOf(
  node: ChainNode,
  token: Address,
  start: Start,
  script: readonly RehearsalStep[],
): Promise<RehearsalAnswer[] | null> {
  try {
    const answers = await simulated(node, token, start, script);
    if (answers !== null) return answers;
  } catch (error) {
    if (!isUnserved(error)) throw error;
  }
  return rehearsedByCalls(node, token, start, script);
}

function isUnserved(error: unknown): error is ImoError {
  return error instanceof ImoError && error.code.startsWith('RPC_');
}

/** The audit after the backfill compares the figures all the same. */
function unserved(error: unknown, say: SayUnrehearsed): null {
  if (!isUnserved(error)) throw error;
  say(error.message);
  return null;
}

/** Supply and balances after the deployment, and whoever got most of the first tokens. */
async function startOf(node: ChainNode, token: Address, block: number): Promise<Start | null> {
  const logs = await node.logs(token, TRANSFER_TOPIC, { from: block, to: block });
  const holders = [...new Set(logs.flatMap(({ topics }) => topicAddress(topics[2]) ?? []))].filter(
    (account) => account !== ZERO_ADDRESS && account !== token,
  );
  if (holders.length === 0) return null;
  const answers = await node.views(
    [
      { to: token, data: functions.totalSupply.encode({}) },
      ...holders.map((account) => ({ to: token, data: erc20.balanceOf.encode({ account }) })),
    ],
    block,
  );
  const [supply = 0n, ...balances] = answers.map((answer) => BigInt(answer ?? 0));
  let most = 0;
  balances.forEach((balance, index) => {
    if (balance > (balances[most] ?? 0n)) most = index;
  });
  const [holder, held = 0n] = [holders[most], balances[most]];
  if (holder === undefined || held === 0n) return null;
  const [balanceWei = 0n] = await node.balances([{ address: token, block }]);
  const { timestampMs } = await node.blockHeader(block);
  return {
    holder,
    supply,
    held,
    balanceWei,
    time: Math.floor(timestampMs / 1000),
    block,
    pools: null,
  };
}
