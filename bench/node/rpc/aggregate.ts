import { functions } from '../../../src/abi/multicall3.js';
import type { Address } from '../../../src/address.js';
import { type GeneratedChain, timeOf } from '../chain/chain.js';
import type { Trial } from '../chain/contract.js';
import { word, ZERO_ADDRESS } from '../hex.js';
import { Revert } from '../token/rules.js';
import { revertData } from './revertData.js';

/** Bytes of a word, as hex digits. */
const WORD_DIGITS = 64;

interface Result {
  readonly isSuccess: boolean;
  readonly data: string;
}

/**
 * `aggregate3` of `contracts/Multicall.sol` on the state after a block.
 *
 * @throws Revert for another function, or where a call fails that must not
 */
export function aggregate(chain: GeneratedChain, height: number, data: string): string {
  if (!data.startsWith(functions.aggregate3.selector)) throw new Revert('');
  const { calls } = functions.aggregate3.decode(data);
  const trials = new Map<string, Trial | null>();
  const trialOf = (target: string) => {
    const known = trials.get(target);
    if (known !== undefined) return known;
    const contract = chain.contracts.get(target);
    const isThere = contract !== undefined && contract.createdIn <= height;
    const trial = isThere ? contract.trialAt(height) : null;
    trials.set(target, trial);
    return trial;
  };
  const time = timeOf(height);
  return encoded(
    calls.map(({ target, allowFailure, callData }) => {
      const result = resultOf(trialOf(target), callData, time);
      if (!result.isSuccess && !allowFailure) throw new Revert('call failed');
      return result;
    }),
  );
}

function resultOf(trial: Trial | null, data: string, time: number): Result {
  // An account without code takes every call.
  if (trial === null) return { isSuccess: true, data: '0x' };
  const from: Address = ZERO_ADDRESS;
  try {
    return { isSuccess: true, data: trial.execute({ from, valueWei: 0n, data, time }).output };
  } catch (error) {
    if (error instanceof Revert) return { isSuccess: false, data: revertData(error) };
    throw error;
  }
}

/** The ABI encoding of `(bool success, bytes returnData)[]`. */
function encoded(results: readonly Result[]): string {
  const heads: string[] = [];
  const tails: string[] = [];
  let offset = results.length * 32;
  for (const { isSuccess, data } of results) {
    const digits = data.slice(2);
    const padded = digits.padEnd(Math.ceil(digits.length / WORD_DIGITS) * WORD_DIGITS, '0');
    const words = [isSuccess ? 1 : 0, 64, digits.length / 2].map((value) => word(value).slice(2));
    const tail = words.join('') + padded;
    heads.push(word(offset).slice(2));
    tails.push(tail);
    offset += tail.length / 2;
  }
  return word(32) + word(results.length).slice(2) + heads.join('') + tails.join('');
}
