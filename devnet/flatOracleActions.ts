// SPDX-License-Identifier: GPL-3.0-or-later
import { toBeHex, ZeroAddress } from 'ethers';
import { encodeCall } from './deploy.js';
import type { OracleAction } from './oracleActions.js';
import { modelAsk } from './oracleContracts.js';
import { type FlatOracle, MODEL_IDS, type OracleWorld } from './oracleWorld.js';

const MOST_FEE = 10n ** 16n;
const CALLBACK_GAS = 400_000n;

type Act = (world: OracleWorld, flat: FlatOracle) => OracleAction;

const ACTIONS: readonly (readonly [Act, number])[] = [
  [ask, 20],
  [askInternally, 8],
  [deliver, 5],
  [setFee, 3],
];

/** Something that somebody does to the oracle of one flat fee; it may fail. */
export function nextFlatAction(world: OracleWorld, flat: FlatOracle): OracleAction {
  const act = world.random.weighted(ACTIONS);
  return act(world, flat);
}

function ask(world: OracleWorld, flat: FlatOracle): OracleAction {
  const { random, clients } = world;
  const { data, valueWei } = drawAsk(world, flat);
  const to = flat.contract.address;
  return { transaction: { from: random.pick(clients), to, data, valueWei } };
}

/** Several requests inside one transaction, some of them undone. */
function askInternally(world: OracleWorld, flat: FlatOracle): OracleAction {
  const { random, user, clients } = world;
  const steps = Array.from({ length: random.integer(1, 3) }, () => {
    const { data, valueWei: value } = drawAsk(world, flat);
    return { oracle: flat.contract.address, value, data, undone: random.chance(20) };
  });
  const valueWei = steps.reduce((sum, { value }) => sum + value, 0n);
  const data = encodeCall(user, 'ask', [steps]);
  return { transaction: { from: random.pick(clients), to: user.address, data, valueWei } };
}

function deliver(world: OracleWorld, flat: FlatOracle): OracleAction {
  const { random } = world;
  const requestId = flat.requestIds.length === 0 ? 1n : random.pick(flat.requestIds);
  return ownerCall(world, flat, 'invokeCallback', [requestId, toBeHex(random.uint32(), 32)]);
}

function setFee(world: OracleWorld, flat: FlatOracle): OracleAction {
  const fee = world.random.amount(MOST_FEE);
  const { transaction } = ownerCall(world, flat, 'setFee', [fee]);
  return {
    transaction,
    learn: () => {
      flat.fee = fee;
    },
  };
}

/** A request that brings the fee, sometimes less or more. */
function drawAsk({ random, user }: OracleWorld, { contract, fee }: FlatOracle) {
  const isCalledBack = random.chance(30);
  const data = modelAsk(contract, {
    modelId: random.pick(MODEL_IDS),
    input: toBeHex(random.integer(0, 3), 1),
    callbackContract: isCalledBack ? user.address : ZeroAddress,
    gasLimit: isCalledBack ? CALLBACK_GAS : 0n,
  });
  if (random.chance(8) && fee > 0n) return { data, valueWei: fee - 1n };
  return { data, valueWei: fee + (random.chance(40) ? random.amount(MOST_FEE) : 0n) };
}

function ownerCall(
  { owner }: OracleWorld,
  { contract }: FlatOracle,
  name: string,
  args: readonly unknown[],
): OracleAction {
  return {
    transaction: { from: owner, to: contract.address, data: encodeCall(contract, name, args) },
  };
}
