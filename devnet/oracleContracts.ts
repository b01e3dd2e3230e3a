// SPDX-License-Identifier: GPL-3.0-or-later
import { ZeroAddress, ZeroHash } from 'ethers';
import type { Chain } from './anvil.js';
import { type DeployedContract, type DeployOptions, deployContract, encodeCall } from './deploy.js';

/** The terms of a model, as `uploadModel` and `updateModel` take them. */
export interface ModelUpload {
  modelId: bigint;
  /** For one inference. */
  fee: bigint;
  receiver: string;
  /** 0 … 100. */
  receiverPercentage: bigint;
  /** What the fee is paid in; default ETH. The first oracle knows nothing else. */
  token?: string;
  unverifiable?: boolean;
}

/** A request to a model; what the first oracle does not know is left out there. */
export interface ModelAsk {
  modelId: bigint;
  /** As hex; not empty. */
  input: string;
  /** Default 1. */
  batchSize?: bigint;
  /** Who is called with the result; default nobody. */
  callbackContract?: string;
  gasLimit?: bigint;
  callbackData?: string;
  /** Log the newest event in addition to the second; always so for a batch. */
  withDataAvailability?: boolean;
}

const CALLBACK_SELECTOR = '0xb0347814';
const FIRST_REQUEST = 'requestCallback(uint256,bytes,address,bytes4,uint64)';
const SECOND_REQUEST = 'requestCallback(uint256,bytes,address,uint64,bytes)';
const THIRD_REQUEST = 'requestCallback(uint256,bytes,address,uint64,bytes,uint8,uint8)';

/** The newest AI oracle behind a proxy (docs/domain.md#ai-oracles); `from` owns it. */
export async function deployOracle(chain: Chain, options: DeployOptions) {
  const logic = await deployContract(chain, 'AIOracle', [], { from: options.from });
  const initialize = encodeCall(logic, 'initialize', [options.from]);
  const proxy = await deployContract(chain, 'RevShareProxy', [logic.address, initialize], options);
  return { ...proxy, contractName: logic.contractName, interface: logic.interface };
}

/** The first AI oracle. By default nothing is indexed in its logs and a removal pays. */
export function deployFirstOracle(
  chain: Chain,
  options: DeployOptions & { indexesLogs?: boolean; paysOnRemoval?: boolean },
) {
  const { indexesLogs = false, paysOnRemoval = true } = options;
  return deployContract(chain, 'AIOracleFirst', [indexesLogs, paysOnRemoval], options);
}

/** The first public oracle: one fee in wei for all models. */
export const deployFlatOracle = (chain: Chain, options: DeployOptions & { fee: bigint }) =>
  deployContract(chain, 'AIOracleFlat', [options.fee], options);

/** A contract that asks oracles and takes their answers. */
export const deployOracleUser = (chain: Chain, options: DeployOptions) =>
  deployContract(chain, 'OracleUser', [], options);

/** A payment token that calls back while it is transferred. */
export const deployReentrantPaymentToken = (
  chain: Chain,
  options: DeployOptions & { supply: bigint },
) => deployContract(chain, 'ReentrantPaymentToken', [options.supply], options);

/** Call data of `uploadModel` or `updateModel`. */
export function modelUpload(
  oracle: DeployedContract,
  functionName: 'uploadModel' | 'updateModel',
  upload: ModelUpload,
): string {
  const { modelId, fee, receiver, receiverPercentage } = upload;
  const { token = ZeroAddress, unverifiable = false } = upload;
  const terms = [modelId, ZeroHash, ZeroHash, fee, receiver, receiverPercentage];
  const args = isFirst(oracle) ? terms : [...terms, token, unverifiable];
  return encodeCall(oracle, functionName, args);
}

/** Call data of a request. */
export function modelAsk(oracle: DeployedContract, ask: ModelAsk): string {
  const { modelId, input, batchSize = 1n, callbackContract = ZeroAddress } = ask;
  const { gasLimit = 0n, callbackData = '0x', withDataAvailability = false } = ask;
  if (isFirst(oracle)) {
    const args = [modelId, input, callbackContract, CALLBACK_SELECTOR, gasLimit];
    return encodeCall(oracle, FIRST_REQUEST, args);
  }
  const args = [modelId, input, callbackContract, gasLimit, callbackData];
  if (batchSize !== 1n) {
    return encodeCall(oracle, 'requestBatchInference', [batchSize, ...args, 0, 0]);
  }
  if (withDataAvailability) return encodeCall(oracle, THIRD_REQUEST, [...args, 0, 0]);
  return encodeCall(oracle, SECOND_REQUEST, args);
}

/** Whether requests have no token and no batch yet. */
function isFirst({ contractName }: DeployedContract): boolean {
  return contractName === 'AIOracleFirst' || contractName === 'AIOracleFlat';
}
