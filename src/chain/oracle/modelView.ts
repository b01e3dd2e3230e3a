import { functions } from '../../abi/aiOracle.js';
import type { Address } from '../../address.js';
import { ImoError } from '../../errors.js';
import { type ModelState, UNKNOWN_MODEL } from '../../ledger/oracles/oracle.js';
import type { BlockTag, ChainNode } from '../node.js';
import { assetOf } from './calls.js';

/** Words of the answer: hashes, fee, receiver, percentage and accrued; then the token. */
const WORDS_WITHOUT_TOKEN = 6;
const WORDS = 8;
const WORD = 64;

/**
 * A model as the oracle's own `getModel(modelId)` has it at the end of a block: terms and
 * accrued revenue. A model that is not there, or an oracle that is not, gives `UNKNOWN_MODEL`:
 * the view reverts then.
 *
 * @throws ImoError `CHAIN_UNREADABLE_MODEL` if the answer has other fields.
 */
export async function readModel(
  node: ChainNode,
  oracle: Address,
  modelId: bigint,
  block: BlockTag,
): Promise<ModelState> {
  const answer = await node.view(oracle, functions.getModel.encode({ modelId }), block);
  if (answer === null) return UNKNOWN_MODEL;
  const words = (answer.length - 2) / WORD;
  if (!Number.isInteger(words) || words < WORDS_WITHOUT_TOKEN) {
    throw new ImoError(
      'CHAIN_UNREADABLE_MODEL',
      `getModel(${modelId}) of ${oracle} answered ${words} words`,
      'This contract is not an AI oracle of a supported kind; remove it from the config.',
    );
  }
  // Older versions answer without the last fields: no token, verifiable.
  const model = functions.getModel.decodeResult(answer.padEnd(2 + WORDS * WORD, '0'));
  const { fee, receiver, receiverPercentage, accumulateRevenue, token } = model;
  return {
    ...UNKNOWN_MODEL,
    terms: { exists: true, fee, receiver, receiverPercentage, asset: assetOf(token) },
    accrued: accumulateRevenue,
  };
}

/**
 * The one fee of an oracle of the first public generation, by what it answers: `fee()` is there,
 * and neither models nor the gas price of the later generations.
 *
 * @returns wei for a request; `null`: the oracle is of another generation, or not there
 */
export async function readFlatFee(
  node: ChainNode,
  oracle: Address,
  block: BlockTag,
): Promise<bigint | null> {
  const getters = [functions.fee, functions.gasPrice];
  const calls = getters.map(({ selector: data }) => ({ to: oracle, data }));
  const [fee = null, gasPrice = null] = await node.views(calls, block);
  const isFlat = fee !== null && fee.length === 2 + WORD && gasPrice === null;
  return isFlat ? functions.fee.decodeResult(fee) : null;
}

/** `gasPrice()` of each oracle at a block in wei; `null` where it has no such getter. */
export async function readGasPrice(
  node: ChainNode,
  oracle: Address,
  block: BlockTag,
): Promise<bigint | null> {
  const answer = await node.view(oracle, functions.gasPrice.selector, block);
  return answer === null ? null : functions.gasPrice.decodeResult(answer);
}
