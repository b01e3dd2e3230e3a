import { functions as erc20 } from '../../abi/erc20.js';
import { functions } from '../../abi/erc7641.js';
import { type Address, ZERO_ADDRESS } from '../../address.js';
import { ImoError } from '../../errors.js';
import type { Rehearsal, RehearsalAnswer, RehearsalStep } from '../../ledger/rehearsal.js';
import { lastSnapshotId } from '../../ledger/state.js';
import type { ChainNode, PastLog } from '../node.js';
import { TRANSFER_TOPIC } from '../reading/selectors.js';
import { topicAddress } from '../reading/topicAddress.js';
import { findBalanceSlots } from './assetBalance.js';
import { rehearsedByCalls } from './byCalls.js';
import { PAYER, type Start } from './calls.js';
import { rehearsalScript } from './script.js';
import { simulated } from './simulated.js';

/** Receives the reason why a contract was not rehearsed, or only in part. */
export type SayUnrehearsed = (reason: string) => void;

const SILENT: SayUnrehearsed = () => undefined;

/** A start of which the money may not be known yet. */
type Actors = Omit<Start, 'balanceWei' | 'asset'> & { readonly balanceWei?: bigint | undefined };

/** Who may hold a token after its deployment, and what it has. */
export interface DeployedState {
  readonly logs: readonly PastLog[];
  readonly timestampMs: number;
  readonly balanceWei: bigint | undefined;
}

/** What a rehearsal asks first. */
export async function deployedState(
  node: ChainNode,
  token: Address,
  block: number,
): Promise<DeployedState> {
  const [logs, { timestampMs }, [balanceWei]] = await Promise.all([
    node.logs(token, TRANSFER_TOPIC, { from: block, to: block }),
    node.blockHeader(block),
    node.balances([{ address: token, block }]),
  ]);
  return { logs, timestampMs, balanceWei };
}

/**
 * Runs receipts, snapshots, claims and burns of a contract on its real state after its deployment.
 * Nothing is written to the chain.
 *
 * @param asset the ERC-20 that it shares; `null`: ETH
 * @param state what `deployedState` answered, where it was asked before
 * @returns `null` where it cannot be rehearsed: the node serves no simulation or not that state, the
 *   contract had no supply or no holder then, or lets nobody take a snapshot
 */
export async function rehearse(
  node: ChainNode,
  token: Address,
  deployedAt: number,
  say: SayUnrehearsed = SILENT,
  asset: Address | null = null,
  state: Promise<DeployedState> = deployedState(node, token, deployedAt),
): Promise<Rehearsal | null> {
  try {
    const { balanceWei, ...deployed } = await state;
    const actors = await actorsIn(node, token, deployedAt, deployed);
    if (actors !== null) {
      const money = asset === null ? balanceWei : undefined;
      return await rehearseFrom(node, token, { ...actors, balanceWei: money }, say, asset);
    }
    say('no account held any of it after its deployment');
    return null;
  } catch (error) {
    return unserved(error, say);
  }
}

/** The same on the state at the end of any block, with the pools that the books have then. */
export async function rehearseFrom(
  node: ChainNode,
  token: Address,
  actors: Actors,
  say: SayUnrehearsed = SILENT,
  asset: Address | null = null,
): Promise<Rehearsal | null> {
  const taken = actors.pools === null ? 0 : lastSnapshotId(actors.pools);
  const script = rehearsalScript(actors.supply, actors.held, taken);
  try {
    const start = await withMoney(node, token, actors, asset);
    if (start === null) {
      say(`the storage of ${asset} does not show where it keeps balances`);
      return null;
    }
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
    if (asset !== null && !arrives(start, steps)) {
      say(`a transfer of ${asset} does not bring its whole amount`);
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

/** What the token holds; `null`: nobody can be given any of the asset. */
async function withMoney(
  node: ChainNode,
  token: Address,
  actors: Actors,
  asset: Address | null,
): Promise<Start | null> {
  const { block, holder } = actors;
  if (asset === null) {
    const [read = 0n] =
      actors.balanceWei === undefined ? await node.balances([{ address: token, block }]) : [];
    return { ...actors, balanceWei: actors.balanceWei ?? read, asset: null };
  }
  const rehearsed = await findBalanceSlots(node, asset, [PAYER, holder], block);
  if (rehearsed === null) return null;
  const balanceWei = await node.assetBalance(asset, token, block);
  return { ...actors, balanceWei, asset: rehearsed };
}

/** Whether the first receipt is in the balance that is read next: some assets keep a fee. */
function arrives({ balanceWei }: Start, steps: Rehearsal['steps']): boolean {
  const receipt = steps.findIndex(({ step }) => step.kind === 'receipt');
  const paid = steps[receipt]?.step;
  const read = steps.slice(receipt).find(({ step }) => step.kind === 'balance');
  return paid?.kind !== 'receipt' || read?.answer.value === balanceWei + paid.wei;
}

/** Supply and balances after the deployment, and the account that got most of the first tokens. */
async function actorsIn(
  node: ChainNode,
  token: Address,
  block: number,
  { logs, timestampMs }: Omit<DeployedState, 'balanceWei'>,
): Promise<Actors | null> {
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
  const time = Math.floor(timestampMs / 1000);
  return { holder, supply, held, time, block, pools: null };
}
