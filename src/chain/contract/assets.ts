import { AbiCoder, dataLength } from 'ethers';
import { functions as erc7641 } from '../../abi/erc7641.js';
import type { Address } from '../../address.js';
import type { BlockTag, ChainNode } from '../node.js';
import { readText } from './texts.js';

/** A longer list is not a list of assets that a token can pay in. */
const MOST_ADDRESSES = 1000;
const WORD_BYTES = 32;

/** What a view without arguments that returns `address[]` answers; `null`: it has no answer. */
export async function readAddresses(
  node: ChainNode,
  contract: Address,
  view: { readonly selector: string },
  block: BlockTag,
): Promise<Address[] | null> {
  const answer = await node.view(contract, view.selector, block);
  if (answer === null || dataLength(answer) < 2 * WORD_BYTES) return null;
  if (dataLength(answer) > (MOST_ADDRESSES + 2) * WORD_BYTES) return null;
  try {
    const [addresses] = AbiCoder.defaultAbiCoder().decode(['address[]'], answer);
    return [...(addresses as string[])].map((address) => address.toLowerCase() as Address);
  } catch {
    // Another kind of answer: the contract has a function of this name for something else.
    return null;
  }
}

/** What an ERC-20 says about itself, as far as it does. */
export async function readSymbolAndDecimals(
  node: ChainNode,
  asset: Address,
  block: number,
): Promise<{ readonly symbol: string | null; readonly decimals: number | null }> {
  const symbol = await readText(node, asset, erc7641.symbol.selector, block);
  const answer = await node.view(asset, erc7641.decimals.selector, block);
  const decimals = answer !== null && dataLength(answer) === WORD_BYTES ? BigInt(answer) : null;
  return { symbol, decimals: decimals !== null && decimals <= 255n ? Number(decimals) : null };
}
