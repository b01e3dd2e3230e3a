import { Interface } from 'ethers';
import type { Chain } from '../../../devnet/anvil.js';
import type { Address } from '../../../src/address.js';
import { callViews } from '../viewsAt.js';

/** A view of addresses that returns one number. */
export interface ViewCall {
  readonly to: Address;
  readonly data: string;
}

export function viewCall(to: Address, name: string, accounts: readonly Address[]): ViewCall {
  const inputs = accounts.map(() => 'address').join(', ');
  const contract = new Interface([`function ${name}(${inputs}) view returns (uint256)`]);
  return { to, data: contract.encodeFunctionData(name, [...accounts]) };
}

/** What views say at the end of a block; `null` where the contract has none, or reverts. */
export function viewsOf(
  chain: Chain,
  block: number,
  calls: readonly ViewCall[],
): Promise<(bigint | null)[]> {
  return callViews(chain, block, calls);
}
