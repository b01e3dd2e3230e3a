// SPDX-License-Identifier: GPL-3.0-or-later
import { hexlify, toUtf8Bytes } from 'ethers';
import type { TransactionRequest } from './chain.js';
import { encodeCall } from './deploy.js';
import { play, type Stage } from './offering.js';
import { OFFERING_MODELS, type OfferingModel, PAINTER_MODEL_ID } from './offeringModels.js';
import { modelAsk, modelUpload } from './oracleContracts.js';

const CALLBACK_GAS = 400_000n;
/** Tips of results become the oracle's price of callback gas. */
const RESULT_TIPS_WEI = [100_000_000n, 200_000_000n, 350_000_000n, 500_000_000n];
/** Above it the mints of the optimistic collection could not pay for their content. */
const MOST_PAINTER_FEE_WEI = 4_000_000_000_000_000n;
const FEE_STEP_WEI = 10_000_000_000_000n;

/** New terms of a model; what is left out stays. */
interface TermsChange {
  readonly modelId: bigint;
  readonly feeWei?: bigint;
  readonly receiverPercentage?: bigint;
}

const TERMS_BY_WEEK: Readonly<Record<number, readonly TermsChange[]>> = {
  2: [{ modelId: 21n, feeWei: 360_000_000_000_000n }],
  4: [
    { modelId: PAINTER_MODEL_ID, receiverPercentage: 85n },
    { modelId: 71n, feeWei: 40_000_000_000_000n },
  ],
  7: [{ modelId: 22n, feeWei: 120_000_000_000_000n, receiverPercentage: 85n }],
  9: [
    { modelId: 21n, feeWei: 270_000_000_000_000n },
    { modelId: 21n, receiverPercentage: 85n },
  ],
  10: [{ modelId: PAINTER_MODEL_ID, feeWei: 3_000_000_000_000_000n }],
};

/** Short, as the oracle stores them: anvil copies the whole state for each of its blocks. */
const PROMPTS = [
  'Summarise the term sheet',
  'Say it in plain English',
  'Is the review sincere?',
  'A lighthouse in a storm',
  'Embed the product texts',
  'Score both answers',
];
const ANSWERS = [
  'Staged payment, due in March',
  'Sincere: 0.83',
  'ipfs://bafybeihdwd',
  'A: 7, B: 4',
];

/** A request to a model: a batch, one inference with a callback, or one by an agent contract. */
export function drawRequest(stage: Stage): TransactionRequest {
  const { random, offering } = stage;
  const { contract, gasPrice } = offering.oracles.oracle;
  const model = random.pick(OFFERING_MODELS);
  const from = random.pick(offering.oracles.clients);
  const input = hexlify(toUtf8Bytes(`${random.pick(PROMPTS)} #${random.integer(1, 9_999)}`));
  const way = random.weighted([
    ['batch', 65],
    ['callback', 25],
    ['agent', 10],
  ]);
  const batchSize = way === 'callback' ? 1n : BigInt(random.integer(...model.batch));
  const gasLimit = way === 'callback' ? CALLBACK_GAS : 0n;
  const callbackContract = way === 'callback' ? offering.oracles.user.address : undefined;
  const ask = { modelId: model.modelId, input, batchSize, callbackContract, gasLimit };
  const data = modelAsk(contract, { ...ask, withDataAvailability: random.chance(30) });
  const valueWei = batchSize * feeOf(stage, model) + gasLimit * gasPrice;
  if (way !== 'agent') return { from, to: contract.address, data, valueWei };
  const { user } = offering.oracles;
  const step = { oracle: contract.address, value: valueWei, data, undone: false };
  return { from, to: user.address, data: encodeCall(user, 'ask', [[step]]), valueWei };
}

/** The result of the oldest request that has none, if there is one. */
export function drawResult(stage: Stage): TransactionRequest | null {
  const { random, offering } = stage;
  const { contract, requestIds } = offering.oracles.oracle;
  const requestId = requestIds[offering.answered.count];
  if (requestId === undefined) return null;
  offering.answered.count += 1;
  const output = hexlify(toUtf8Bytes(random.pick(ANSWERS)));
  const data = encodeCall(contract, 'invokeCallback', [requestId, output]);
  const priorityFeeWei = random.pick(RESULT_TIPS_WEI);
  return { from: offering.oracles.owner, to: contract.address, data, priorityFeeWei };
}

/** Somebody brings the revenue of a model to its token; it reverts where none has accrued. */
export function claimModel(stage: Stage, { modelId }: OfferingModel): TransactionRequest {
  const { contract } = stage.offering.oracles.oracle;
  const data = encodeCall(contract, 'claimModelRevenue', [modelId]);
  return { from: stage.random.pick(stage.offering.payers), to: contract.address, data };
}

/** The operator charges more or less for some model, up to a quarter off its first price. */
export function drawFeeChange(stage: Stage): TransactionRequest {
  const model = stage.random.pick(OFFERING_MODELS);
  const percent = BigInt(stage.random.integer(75, 125));
  const wished = ((model.feeWei * percent) / 100n / FEE_STEP_WEI) * FEE_STEP_WEI;
  const isPainter = model.modelId === PAINTER_MODEL_ID;
  const fee = isPainter && wished > MOST_PAINTER_FEE_WEI ? MOST_PAINTER_FEE_WEI : wished;
  noteFee(stage, model.modelId, fee);
  return byOperator(stage, 'setModelFee', [model.modelId, fee]);
}

/** The terms of models change during the offering's life. @param week counted from 0 */
export async function changeTerms(stage: Stage, week: number): Promise<void> {
  const changes = TERMS_BY_WEEK[week] ?? [];
  if (changes.length === 0) return;
  await play(
    stage,
    changes.map((change) => changeOf(stage, change)),
  );
}

function changeOf(
  stage: Stage,
  { modelId, feeWei, receiverPercentage }: TermsChange,
): TransactionRequest {
  if (feeWei === undefined) {
    return byOperator(stage, 'setModelReceiverPercentage', [modelId, receiverPercentage]);
  }
  noteFee(stage, modelId, feeWei);
  if (receiverPercentage === undefined) return byOperator(stage, 'setModelFee', [modelId, feeWei]);
  const { oracles, tokens } = stage.offering;
  const { contract } = oracles.oracle;
  const symbol = OFFERING_MODELS.find((model) => model.modelId === modelId)?.symbol;
  const receiver = tokens.find((token) => token.symbol === symbol)?.address ?? oracles.owner;
  const terms = { modelId, fee: feeWei, receiver, receiverPercentage };
  const data = modelUpload(contract, 'updateModel', terms);
  return { from: oracles.owner, to: contract.address, data };
}

function byOperator(stage: Stage, name: string, args: readonly unknown[]): TransactionRequest {
  const { contract } = stage.offering.oracles.oracle;
  const data = encodeCall(contract, name, args);
  return { from: stage.offering.oracles.owner, to: contract.address, data };
}

function feeOf(stage: Stage, { modelId, feeWei }: OfferingModel): bigint {
  return stage.offering.oracles.oracle.models.get(modelId)?.fee ?? feeWei;
}

function noteFee(stage: Stage, modelId: bigint, fee: bigint): void {
  stage.offering.oracles.oracle.models.set(modelId, { exists: true, fee, token: null });
}
