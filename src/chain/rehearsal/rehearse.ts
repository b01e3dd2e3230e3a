import { z } from 'zod';
import { functions as erc20 } from '../../abi/erc20.js';
import { functions } from '../../abi/erc7641.js';
import { type Address, ZERO_ADDRESS } from '../../address.js';
import { ImoError } from '../../errors.js';
import type { Rehearsal, RehearsalAnswer, RehearsalStep } from '../../ledger/rehearsal.js';
import type { ChainNode } from '../node.js';
import { SNAPSHOT_TOPIC, TRANSFER_TOPIC } from '../selectors.js';
import { topicAddress } from '../topicAddress.js';
import { rehearsalScript } from './script.js';

/** Nobody has its key. It pays in, with a balance that the simulation gives it. */
const PAYER: Address = '0x00000000000000000000000000000000f0007642';
/** Answers with the balance of the address that it is called with. */
const BALANCE_READER: Address = '0x00000000000000000000000000000000f0007643';
const BALANCE_READER_CODE = '0x6000353160005260206000f3';
const PLENTY_WEI = 10n ** 30n;

/** Longer than any interval between snapshots that was seen. */
const GAP_SECONDS = 400 * 24 * 3600;
const GAP_BLOCKS = 4_000_000;
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
 * Runs receipts, snapshots, claims and burns of a contract on its real state after its deployment,
 * by `eth_simulateV1`. Nothing is written to the chain.
 *
 * @returns `null` where it cannot be rehearsed: the node serves no simulation or not that state, the
 *   contract had no supply or no holder then, or lets nobody take a snapshot
 */
export async function rehearse(
  node: ChainNode,
  token: Address,
  deployedAt: number,
): Promise<Rehearsal | null> {
  try {
    const start = await startOf(node, token, deployedAt);
    if (start === null) return null;
    const script = rehearsalScript(start.supply, start.held);
    const blocks = blocksOf(token, start, script);
    const result = answered.safeParse(await node.simulate(blocks, deployedAt));
    if (!result.success) return null;
    const calls = result.data.flatMap((block) => block.calls);
    if (calls.length !== script.length) return null;
    const steps = script.map((step, index) => ({
      step,
      answer: answerOf(token, step, calls[index]),
    }));
    // A contract that takes no snapshot from a stranger shows nothing.
    if (steps.some(({ step, answer }) => step.kind === 'snapshot' && !answer.succeeded))
      return null;
    return { ...start, steps };
  } catch (error) {
    // The audit after the backfill compares the figures all the same.
    if (error instanceof ImoError && error.code.startsWith('RPC_')) return null;
    throw error;
  }
}

interface Start {
  readonly holder: Address;
  readonly supply: bigint;
  readonly held: bigint;
  readonly balanceWei: bigint;
  readonly time: number;
  readonly block: number;
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
  return { holder, supply, held, balanceWei, time: Math.floor(timestampMs / 1000), block };
}

/** A simulated block begins with each snapshot, long after the one before. */
function blocksOf(token: Address, start: Start, script: readonly RehearsalStep[]): unknown[] {
  const blocks: { blockOverrides: object; stateOverrides?: object; calls: unknown[] }[] = [];
  for (const step of script) {
    let block = blocks.at(-1);
    if (block === undefined || step.kind === 'snapshot') {
      const at = blocks.length + 1;
      block = {
        blockOverrides: {
          number: quantity(start.block + at * GAP_BLOCKS),
          time: quantity(start.time + at * GAP_SECONDS),
          baseFeePerGas: '0x0',
        },
        ...(at === 1 ? { stateOverrides: overrides(start) } : {}),
        calls: [],
      };
      blocks.push(block);
    }
    block.calls.push({ ...callOf(token, start, step), gas: GAS });
  }
  return blocks;
}

function overrides({ holder }: Start): object {
  return {
    [PAYER]: { balance: quantity(PLENTY_WEI) },
    [holder]: { balance: quantity(PLENTY_WEI) },
    [BALANCE_READER]: { code: BALANCE_READER_CODE },
  };
}

function callOf(token: Address, { holder }: Start, step: RehearsalStep): object {
  const of = (from: Address, data: string) => ({ from, to: token, data });
  switch (step.kind) {
    case 'receipt':
      return { from: PAYER, to: token, value: quantity(step.wei) };
    case 'snapshot':
      return of(holder, functions.snapshot.encode({}));
    case 'claim':
      return of(holder, functions.claim.encode({ snapshotId: BigInt(step.snapshotId) }));
    case 'transfer':
      return of(holder, erc20.transfer.encode({ to: PAYER, amount: step.amount }));
    case 'burn':
      return of(holder, functions.burn.encode({ amount: step.amount }));
    case 'claimable': {
      const asked = { account: holder, snapshotId: BigInt(step.snapshotId) };
      return of(PAYER, functions.claimableRevenue.encode(asked));
    }
    case 'redeemable':
      return of(PAYER, functions.redeemableOnBurn.encode({ amount: step.amount }));
    case 'balance':
      return { from: PAYER, to: BALANCE_READER, data: `0x${token.slice(2).padStart(64, '0')}` };
  }
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

function quantity(value: number | bigint): string {
  return `0x${value.toString(16)}`;
}
