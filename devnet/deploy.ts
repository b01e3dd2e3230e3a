// SPDX-License-Identifier: GPL-3.0-or-later
import { concat, type Interface } from 'ethers';
import type { Chain } from './anvil.js';
import { loadArtifact } from './artifacts.js';
import { execute } from './chain.js';
import { toQuantity } from './rpc.js';

/** A contract on a chain. */
export interface DeployedContract {
  contractName: string;
  /** Lower case. */
  address: string;
  deploymentBlock: number;
  interface: Interface;
}

export interface DeployOptions {
  from: string;
  /** Sent with the creation. For a token it is revenue. */
  valueWei?: bigint;
}

export interface RevenueTokenOptions extends DeployOptions {
  name: string;
  symbol: string;
  /** In the smallest unit; minted to `from`. */
  supply: bigint;
  /** 0 … 100. */
  percentClaimable: bigint | number;
}

export interface WindowedTokenOptions extends RevenueTokenOptions {
  /** W, how many snapshots can be claimed. Default 2. */
  window?: bigint | number;
  /** Seconds or blocks, as the contract counts. */
  snapshotInterval: bigint | number;
}

type WindowedContractName =
  | 'RevShareWindowedSeconds'
  | 'RevShareWindowedBlocks'
  | 'RevShareBridged'
  | 'RevShareMulticall'
  | 'RevShareDistributor'
  | 'RevShareWithholding'
  | 'RevShareBench';

const CREATION_GAS = 15_000_000n;

/** Creation code with the constructor's arguments. */
export function creationCode(contractName: string, args: readonly unknown[]): string {
  const artifact = loadArtifact(contractName);
  return concat([artifact.bytecode, artifact.interface.encodeDeploy(args)]);
}

/** Deploys any contract of contracts/. @throws DevnetTransactionError when it reverts. */
export async function deployContract(
  chain: Chain,
  contractName: string,
  args: readonly unknown[],
  { from, valueWei }: DeployOptions,
): Promise<DeployedContract> {
  const data = creationCode(contractName, args);
  const receipt = await execute(chain, { from, data, valueWei, gas: CREATION_GAS });
  return {
    contractName,
    address: (receipt.contractAddress ?? '').toLowerCase(),
    deploymentBlock: Number(receipt.blockNumber),
    interface: loadArtifact(contractName).interface,
  };
}

/** The reference variant (docs/domain.md#reference). */
export function deployReference(chain: Chain, options: RevenueTokenOptions) {
  const { name, symbol, supply, percentClaimable } = options;
  const args = [name, symbol, supply, percentClaimable];
  return deployContract(chain, 'RevShareReference', args, options);
}

/** A windowed token (docs/domain.md#windowed) of the given contract. */
export function deployWindowed(
  chain: Chain,
  contractName: WindowedContractName,
  options: WindowedTokenOptions,
) {
  const { name, symbol, supply, percentClaimable, window = 2, snapshotInterval } = options;
  const args = [name, symbol, supply, percentClaimable, window, snapshotInterval];
  return deployContract(chain, contractName, args, options);
}

/** The early relative: W = 3, interval in blocks, claimed ids give 0. */
export function deployWindowedEarly(chain: Chain, options: Omit<WindowedTokenOptions, 'window'>) {
  const { name, symbol, supply, percentClaimable, snapshotInterval } = options;
  const args = [name, symbol, supply, percentClaimable, snapshotInterval];
  return deployContract(chain, 'RevShareWindowedEarly', args, options);
}

/** The upgradeable windowed token (W = 2, interval in blocks); the value goes to the proxy. */
export async function deployWindowedProxy(
  chain: Chain,
  options: Omit<WindowedTokenOptions, 'window'>,
): Promise<DeployedContract & { implementation: string }> {
  const { from, name, symbol, supply, percentClaimable, snapshotInterval } = options;
  const logic = await deployContract(chain, 'RevShareWindowedUpgradeable', [], { from });
  const initializeCall = logic.interface.encodeFunctionData('initialize', [
    name,
    symbol,
    supply,
    percentClaimable,
    snapshotInterval,
  ]);
  const proxy = await deployContract(
    chain,
    'RevShareProxy',
    [logic.address, initializeCall],
    options,
  );
  const contractName = logic.contractName;
  return { ...proxy, contractName, interface: logic.interface, implementation: logic.address };
}

/** An ERC-20 without revenue functions, or one that has only some of them. */
export function deployOtherToken(
  chain: Chain,
  contractName: 'PlainToken' | 'HalfRevenueToken',
  options: Omit<RevenueTokenOptions, 'percentClaimable'>,
) {
  const { name, symbol, supply } = options;
  return deployContract(chain, contractName, [name, symbol, supply], options);
}

export const deployRouter = (chain: Chain, options: DeployOptions) =>
  deployContract(chain, 'RevenueRouter', [], options);

export const deployReentrantHolder = (chain: Chain, options: DeployOptions) =>
  deployContract(chain, 'ReentrantHolder', [], options);

export const deployRejectingHolder = (chain: Chain, options: DeployOptions) =>
  deployContract(chain, 'RejectingHolder', [], options);

export const deployCreator = (chain: Chain, options: DeployOptions) =>
  deployContract(chain, 'RevenueCreator', [], options);

/** Splits what it is sent evenly; the remainder goes to the first receiver. */
export const deploySplitter = (
  chain: Chain,
  receivers: readonly string[],
  options: DeployOptions,
) => deployContract(chain, 'Splitter', [receivers], options);

/** With a beneficiary it self-destructs inside its own creation; without, on destroy(). */
export const deploySelfDestructor = (
  chain: Chain,
  options: DeployOptions & { beneficiary?: string },
) =>
  deployContract(chain, 'SelfDestructor', [options.beneficiary ?? `0x${'0'.repeat(40)}`], options);

/** Calldata of a function of the contract. */
export function encodeCall(
  contract: DeployedContract,
  functionName: string,
  args: readonly unknown[] = [],
): string {
  return contract.interface.encodeFunctionData(functionName, args);
}

/**
 * Reads a view function with one result.
 * @param block Default: the newest.
 * @throws RpcError when the function reverts.
 */
export async function readContract<Result = bigint>(
  chain: Chain,
  contract: DeployedContract,
  functionName: string,
  args: readonly unknown[] = [],
  block?: number,
): Promise<Result> {
  const call = { to: contract.address, data: encodeCall(contract, functionName, args) };
  const tag = block === undefined ? 'latest' : toQuantity(block);
  const data = await chain.rpc.call<string>('eth_call', [call, tag]);
  return contract.interface.decodeFunctionResult(functionName, data)[0] as Result;
}
