import { AbiCoder, keccak256, solidityPacked } from 'ethers';
import { functions as erc20 } from '../../abi/erc20.js';
import type { Address } from '../../address.js';
import type { BlockTag, ChainNode } from '../node.js';

/** An ERC-20 in which a token is rehearsed, with the words that give its actors a balance. */
export interface RehearsedAsset {
  readonly address: Address;
  /** Slots of the asset's storage, as 32-byte hex. */
  readonly slots: readonly string[];
}

/** Places of the balances in the storage of an ERC-20 that are tried. */
const PLACES = 64;
/** ERC-7201 `openzeppelin.storage.ERC20`: its first member is the mapping of balances. */
const OPENZEPPELIN = 0x52c63247e1f47db19d5ce0460030c497f067ca4cebf71ba98eeadabe20bace00n;
/** `_BALANCE_SLOT_SEED` of Solady. */
const SOLADY_SEED = '0x87a211a2';
/** `balanceOf` distinguishes them, and no stranger is likely to have such a balance. */
const FIRST_MARK = 7_641_000_000n;

/**
 * Finds where an ERC-20 keeps the balances of accounts: the word of each known layout gets a value of
 * its own in one simulated call, and `balanceOf` answers with one of them.
 *
 * @returns `null` where the asset keeps them elsewhere, packed or computed, or the node takes no other
 *   state
 */
export async function findBalanceSlots(
  node: ChainNode,
  asset: Address,
  accounts: readonly Address[],
  block: BlockTag,
): Promise<RehearsedAsset | null> {
  const slots: string[] = [];
  for (const account of accounts) {
    const candidates = balanceSlots(account);
    const marks = candidates.map((slot, index) => [slot, balanceWord(FIRST_MARK + BigInt(index))]);
    const state = { [asset]: { stateDiff: Object.fromEntries(marks) } };
    const data = erc20.balanceOf.encode({ account });
    const answer = await node.viewWithState(asset, data, block, state);
    if (answer === null || answer.length !== 66) return null;
    const slot = candidates[Number(BigInt(answer) - FIRST_MARK)];
    if (slot === undefined) return null;
    slots.push(slot);
  }
  return { address: asset, slots };
}

/** Where compilers and libraries put the balance of an account. */
function balanceSlots(account: Address): string[] {
  const coder = AbiCoder.defaultAbiCoder();
  const places = [...Array(PLACES).keys(), OPENZEPPELIN];
  return [
    ...places.map((place) => keccak256(coder.encode(['address', 'uint256'], [account, place]))),
    // Vyper hashes the place first.
    ...places.map((place) => keccak256(coder.encode(['uint256', 'address'], [place, account]))),
    keccak256(solidityPacked(['address', 'uint64', 'bytes4'], [account, 0, SOLADY_SEED])),
  ];
}

export function balanceWord(value: bigint): string {
  return `0x${value.toString(16).padStart(64, '0')}`;
}
