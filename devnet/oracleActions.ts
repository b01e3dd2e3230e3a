// SPDX-License-Identifier: GPL-3.0-or-later
import { AbiCoder, concat, toBeHex, ZeroAddress } from 'ethers';
import type { TransactionRequest } from './chain.js';
import { encodeCall } from './deploy.js';
import { modelAsk, modelUpload } from './oracleContracts.js';
import { type KnownModel, type LivingOracle, MODEL_IDS, type OracleWorld } from './oracleWorld.js';

/** A transaction, and what the actors know once it has succeeded. */
export interface OracleAction {
  readonly transaction: TransactionRequest;
  readonly learn?: () => void;
}

type Act = (world: OracleWorld, oracle: LivingOracle) => OracleAction;

const MOST_FEE = 10n ** 16n;
const CALLBACK_GAS = 400_000n;
const UNKNOWN: KnownModel = { exists: false, fee: 0n, token: null };

/** What can happen to an oracle, and how often. */
export const ORACLE_ACTIONS: readonly (readonly [Act, number])[] = [
  [upload, 7],
  [update, 5],
  [setFee, 8],
  [setReceiver, 4],
  [setPercentage, 5],
  [remove, 3],
  [claim, 10],
  [ask, 25],
  [askInternally, 18],
  [deliver, 9],
  [correct, 3],
  [resetGasPrice, 1],
];

function upload(world: OracleWorld, oracle: LivingOracle): OracleAction {
  return setModel(world, oracle, 'uploadModel');
}

function update(world: OracleWorld, oracle: LivingOracle): OracleAction {
  return setModel(world, oracle, 'updateModel');
}

function setModel(
  { random, money, owner, receivers }: OracleWorld,
  oracle: LivingOracle,
  name: 'uploadModel' | 'updateModel',
): OracleAction {
  const missing = MODEL_IDS.filter((id) => !oracle.models.get(id)?.exists);
  const modelId = random.pick(name === 'uploadModel' && missing.length > 0 ? missing : MODEL_IDS);
  const token = !oracle.isFirst && random.chance(40) ? money.address : null;
  const fee = random.amount(MOST_FEE);
  const data = modelUpload(oracle.contract, name, {
    modelId,
    fee,
    receiver: random.pick(receivers),
    receiverPercentage: BigInt(random.integer(0, 101)),
    token: token ?? ZeroAddress,
    unverifiable: random.chance(30),
  });
  return {
    transaction: { from: owner, to: oracle.contract.address, data },
    learn: () => oracle.models.set(modelId, { exists: true, fee, token }),
  };
}

function setFee(world: OracleWorld, oracle: LivingOracle): OracleAction {
  const modelId = drawModel(world, oracle);
  const fee = world.random.amount(MOST_FEE);
  const transaction = ownerCall(world, oracle, 'setModelFee', [modelId, fee]);
  return {
    transaction,
    learn: () => oracle.models.set(modelId, { ...known(oracle, modelId), fee }),
  };
}

function setReceiver(world: OracleWorld, oracle: LivingOracle): OracleAction {
  const args = [drawModel(world, oracle), world.random.pick(world.receivers)];
  return { transaction: ownerCall(world, oracle, 'setModelReceiver', args) };
}

function setPercentage(world: OracleWorld, oracle: LivingOracle): OracleAction {
  const args = [drawModel(world, oracle), world.random.integer(0, 101)];
  return { transaction: ownerCall(world, oracle, 'setModelReceiverPercentage', args) };
}

function remove(world: OracleWorld, oracle: LivingOracle): OracleAction {
  const modelId = drawModel(world, oracle);
  const transaction = ownerCall(world, oracle, 'removeModel', [modelId]);
  const learn = () => oracle.models.set(modelId, { ...known(oracle, modelId), exists: false });
  return { transaction, learn };
}

function claim(world: OracleWorld, oracle: LivingOracle): OracleAction {
  const data = encodeCall(oracle.contract, 'claimModelRevenue', [drawModel(world, oracle)]);
  return toOracle(world, oracle, data, 0n);
}

function ask(world: OracleWorld, oracle: LivingOracle): OracleAction {
  const { data, valueWei } = drawAsk(world, oracle);
  return toOracle(world, oracle, data, valueWei);
}

/** Several calls inside one transaction, some of them undone, claims among them. */
function askInternally(world: OracleWorld, oracle: LivingOracle): OracleAction {
  const { random, user, clients, oracles } = world;
  const steps = Array.from({ length: random.integer(1, 4) }, () => {
    const target = random.chance(80) ? oracle : random.pick(oracles);
    const undone = random.chance(20);
    if (random.chance(15)) {
      const args = [drawModel(world, target)];
      const data = encodeCall(target.contract, 'claimModelRevenue', args);
      return { oracle: target.contract.address, value: 0n, data, undone };
    }
    const { data, valueWei: value } = drawAsk(world, target);
    return { oracle: target.contract.address, value, data, undone };
  });
  const valueWei = steps.reduce((sum, { value }) => sum + value, 0n);
  const data = encodeCall(user, 'ask', [steps]);
  return { transaction: { from: random.pick(clients), to: user.address, data, valueWei } };
}

/** A result, which sets the gas price. */
function deliver(world: OracleWorld, oracle: LivingOracle): OracleAction {
  const args = [drawRequestId(world, oracle), toBeHex(world.random.uint32(), 32)];
  const priorityFeeWei = BigInt(world.random.integer(0, 1000));
  const transaction = ownerCall(world, oracle, 'invokeCallback', args);
  return { transaction: { ...transaction, priorityFeeWei } };
}

function correct(world: OracleWorld, oracle: LivingOracle): OracleAction {
  if (oracle.isFirst) return deliver(world, oracle);
  const args = [drawRequestId(world, oracle), toBeHex(world.random.uint32(), 32)];
  return { transaction: ownerCall(world, oracle, 'updateResult', args) };
}

function resetGasPrice(world: OracleWorld, oracle: LivingOracle): OracleAction {
  if (oracle.isFirst) return claim(world, oracle);
  return { transaction: ownerCall(world, oracle, 'resetGasPrice', []) };
}

/** A request with what it costs by what is known, sometimes less or more. */
function drawAsk(world: OracleWorld, oracle: LivingOracle): { data: string; valueWei: bigint } {
  const { random, user } = world;
  const modelId = drawModel(world, oracle);
  const { fee, token } = known(oracle, modelId);
  const batchSize = oracle.isFirst || random.chance(60) ? 1n : BigInt(random.integer(0, 9));
  const isCalledBack = random.chance(40);
  const gasLimit = isCalledBack ? CALLBACK_GAS : 0n;
  const costWei = (token === null ? batchSize * fee : 0n) + oracle.gasPrice * gasLimit;
  const data = modelAsk(oracle.contract, {
    modelId,
    input: toBeHex(random.integer(0, 3), 1),
    batchSize,
    callbackContract: isCalledBack ? user.address : ZeroAddress,
    gasLimit,
    callbackData: isCalledBack && random.chance(40) ? followUp(oracle, modelId, fee) : '0x',
    withDataAvailability: random.chance(40),
  });
  if (random.chance(8) && costWei > 0n) return { data, valueWei: costWei - 1n };
  return { data, valueWei: costWei + (random.chance(50) ? random.amount(MOST_FEE) : 0n) };
}

/** Callback data that makes the user ask again from inside the callback. */
function followUp({ contract, isFirst }: LivingOracle, modelId: bigint, fee: bigint): string {
  if (isFirst) return '0x';
  const value = AbiCoder.defaultAbiCoder().encode(['uint256'], [fee]);
  return concat([value, modelAsk(contract, { modelId, input: '0xfe' })]);
}

function drawModel({ random }: OracleWorld, { models }: LivingOracle): bigint {
  const existing = [...models].filter(([, { exists }]) => exists).map(([id]) => id);
  return random.pick(existing.length > 0 && random.chance(95) ? existing : MODEL_IDS);
}

function drawRequestId({ random }: OracleWorld, { requestIds }: LivingOracle): bigint {
  return requestIds.length === 0 ? 1n : random.pick(requestIds);
}

function known(oracle: LivingOracle, modelId: bigint): KnownModel {
  return oracle.models.get(modelId) ?? UNKNOWN;
}

function ownerCall(
  { owner }: OracleWorld,
  { contract }: LivingOracle,
  name: string,
  args: readonly unknown[],
): TransactionRequest {
  return { from: owner, to: contract.address, data: encodeCall(contract, name, args) };
}

function toOracle(
  { random, clients }: OracleWorld,
  { contract }: LivingOracle,
  data: string,
  valueWei: bigint,
): OracleAction {
  return { transaction: { from: random.pick(clients), to: contract.address, data, valueWei } };
}
