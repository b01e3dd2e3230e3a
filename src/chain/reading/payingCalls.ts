import { AbiCoder, id } from 'ethers';
import type { Address } from '../../address.js';
import { selectorOf } from './tree/frames.js';

/** What a function of a revenue token that pays holders does; what it paid proves it. */
export type PayingCallMeaning =
  | {
      readonly does: 'claim';
      /** Whose share is paid: `null`: the caller's. */
      readonly account: Address | null;
      /** In the order of their payments; `all`: every snapshot with a share left. */
      readonly snapshotIds: readonly bigint[] | 'all';
      /** The id may also stand for all snapshots up to it, or for all. */
      readonly isLoose?: true;
    }
  | {
      readonly does: 'burn';
      /** Whose tokens are burned: `null`: the caller's. */
      readonly account: Address | null;
      /** Token units. */
      readonly amount: bigint;
    };

interface PayingFunction {
  /** In Solidity, with the types of the arguments. */
  readonly signature: string;
  readonly does: 'claim' | 'burn';
  /** Number of the argument that names the account; left out: the caller. */
  readonly account?: number;
  /** Number of the argument with the snapshot id, the ids, or the amount; left out: all ids. */
  readonly what?: number;
  /** Versions of it pay for one id, or for all up to it. */
  readonly isLoose?: true;
}

/** Functions of ERC-7641: a call of them is an operation whether it pays or not. */
const OWN: readonly PayingFunction[] = [
  { signature: 'claim(uint256)', does: 'claim', what: 0 },
  { signature: 'claimBatch(uint256[])', does: 'claim', what: 0 },
  { signature: 'burn(uint256)', does: 'burn', what: 0 },
];

/** Functions of relatives. Elsewhere they may mean anything: without a payment, they are nothing. */
const OF_RELATIVES: readonly PayingFunction[] = [
  { signature: 'claim(address,uint256)', does: 'claim', account: 0, what: 1, isLoose: true },
  { signature: 'claimFor(address,uint256)', does: 'claim', account: 0, what: 1 },
  { signature: 'claimBatchFor(address,uint256[])', does: 'claim', account: 0, what: 1 },
  { signature: 'claimTo(uint256,address)', does: 'claim', what: 0 },
  { signature: 'claimTo(address,uint256)', does: 'claim', what: 1 },
  { signature: 'claimAll()', does: 'claim' },
  { signature: 'claimAll(address)', does: 'claim', account: 0 },
  { signature: 'claimAllFor(address)', does: 'claim', account: 0 },
  { signature: 'burnFrom(address,uint256)', does: 'burn', account: 0, what: 1 },
];

const bySelector = (functions: readonly PayingFunction[]) =>
  new Map(functions.map((paying) => [id(paying.signature).slice(0, 10), paying]));

const ownBySelector = bySelector(OWN);
const allBySelector = bySelector([...OWN, ...OF_RELATIVES]);

/** Selectors of the functions that pay holders. */
export const PAYING_SELECTORS: ReadonlySet<string> = new Set(allBySelector.keys());

/** Whether a call is an operation only if it paid. */
export function countsOnlyIfPaid(selector: string): boolean {
  return !ownBySelector.has(selector);
}

/** Whether a function burns for revenue. */
export function burns(selector: string): boolean {
  return allBySelector.get(selector)?.does === 'burn';
}

/** @throws Error if the call data has too few bytes, which no contract with the function accepts */
export function meaningOf(input: string): PayingCallMeaning {
  const paying = allBySelector.get(selectorOf(input));
  if (paying === undefined) throw new RangeError(`${selectorOf(input)} pays nobody`);
  const values = argumentsOf(paying.signature, input);
  const account =
    paying.account === undefined ? null : (String(values[paying.account]).toLowerCase() as Address);
  const what = paying.what === undefined ? null : values[paying.what];
  if (paying.does === 'burn') return { does: 'burn', account, amount: BigInt(String(what)) };
  const meaning = { does: 'claim', account, snapshotIds: idsOf(what) } as const;
  return paying.isLoose === true ? { ...meaning, isLoose: true } : meaning;
}

function idsOf(what: unknown): readonly bigint[] | 'all' {
  if (what === null) return 'all';
  return Array.isArray(what) ? what.map((word) => BigInt(String(word))) : [BigInt(String(what))];
}

const WORD = 64;
const LARGEST_ADDRESS = 2n ** 160n - 1n;

function argumentsOf(signature: string, input: string): unknown[] {
  const types = signature.slice(signature.indexOf('(') + 1, -1).split(',');
  const named = types.filter((type) => type !== '');
  // Nearly all have words only, which the general decoder takes much longer to read.
  if (named.every((type) => type === 'uint256' || type === 'address')) {
    return named.map((type, index) => wordOf(input, index, type));
  }
  return AbiCoder.defaultAbiCoder()
    .decode(named, `0x${input.slice(10)}`)
    .toArray();
}

function wordOf(input: string, index: number, type: string): string {
  const start = 10 + WORD * index;
  const digits = input.slice(start, start + WORD);
  if (digits.length < WORD) throw new RangeError(`the call data end in argument ${index}`);
  const value = BigInt(`0x${digits}`);
  if (type !== 'address') return String(value);
  if (value > LARGEST_ADDRESS) throw new RangeError(`argument ${index} is not an address`);
  return `0x${digits.slice(-40)}`;
}
