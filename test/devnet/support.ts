// SPDX-License-Identifier: GPL-3.0-or-later
import { AbiCoder, Interface, keccak256, toBeHex } from 'ethers';
import type { Chain } from '../../devnet/anvil.js';
import { execute, mineBlocks } from '../../devnet/chain.js';
import { type DeployedContract, encodeCall, readContract } from '../../devnet/deploy.js';
import { RpcError, toQuantity } from '../../devnet/rpc.js';

/** Sends a call of a contract's function and mines it. */
export function send(
  chain: Chain,
  contract: DeployedContract,
  from: string,
  functionName: string,
  args: readonly unknown[] = [],
  valueWei = 0n,
) {
  const data = encodeCall(contract, functionName, args);
  return execute(chain, { from, to: contract.address, data, valueWei });
}

export function pay(chain: Chain, from: string, to: string, valueWei: bigint) {
  return execute(chain, { from, to, valueWei });
}

/** Advances the chain's clock, and mines a block. */
export function passTime(chain: Chain, seconds: number) {
  return chain.rpc.call('evm_increaseTime', [toQuantity(seconds)]).then(() => mineBlocks(chain, 1));
}

/** Why reading the function reverts: the message, or `Panic 0x..`. */
export async function revertReason(
  chain: Chain,
  contract: DeployedContract,
  functionName: string,
  args: readonly unknown[],
): Promise<string> {
  try {
    await readContract(chain, contract, functionName, args);
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    const parsed = new Interface([]).parseError(String(error.data));
    const value = parsed?.args[0];
    return typeof value === 'bigint' ? `Panic ${toBeHex(value)}` : String(value);
  }
  return 'did not revert';
}

/** A storage word as a number. Keys name the entry of a mapping, outermost first. */
export async function storage(
  chain: Chain,
  contract: DeployedContract,
  slot: number,
  ...keys: (bigint | string)[]
): Promise<bigint> {
  let position = toBeHex(slot, 32);
  for (const key of keys) {
    const type = typeof key === 'bigint' ? 'uint256' : 'address';
    position = keccak256(AbiCoder.defaultAbiCoder().encode([type, 'bytes32'], [key, position]));
  }
  const word = await chain.rpc.call<string>('eth_getStorageAt', [
    contract.address,
    position,
    'latest',
  ]);
  return BigInt(word);
}

/** A frame of callTracer. */
export interface Frame {
  type: string;
  from: string;
  to: string;
  value?: string;
  input: string;
  error?: string;
  calls?: Frame[];
  logs?: { address: string; topics: string[]; data: string }[];
}

/** All frames of a transaction in execution order, with their depth in front of the type. */
export async function frames(chain: Chain, hash: string): Promise<Frame[]> {
  const root = await chain.rpc.call<Frame>('debug_traceTransaction', [
    hash,
    { tracer: 'callTracer', tracerConfig: { withLog: true } },
  ]);
  const flatten = (frame: Frame): Frame[] => [frame, ...(frame.calls ?? []).flatMap(flatten)];
  return flatten(root);
}
