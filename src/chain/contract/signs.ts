import { id } from 'ethers';
import { functions } from '../../abi/erc7641.js';
import { type Address, ZERO_ADDRESS } from '../../address.js';
import type { Getters } from '../../ledger/policies/policy.js';
import { POLICY_GETTERS } from '../../ledger/policies/registry.js';
import type { BlockTag, ChainNode } from '../node.js';

/** Calls whose answers tell the policies apart; those with arguments get harmless ones. */
const GETTERS = [
  ...POLICY_GETTERS.map((signature) => ({ signature, data: id(signature).slice(0, 10) })),
  {
    signature: functions.redeemableERC20OnBurn.signature,
    data: functions.redeemableERC20OnBurn.encode({ amount: 0n, token: ZERO_ADDRESS }),
  },
];

/** Views that every ERC-7641 token has; a call with harmless arguments must answer. */
const REVENUE_VIEWS = [
  {
    signature: 'redeemableOnBurn(uint256)',
    data: functions.redeemableOnBurn.encode({ amount: 0n }),
  },
];

/** What tells the policies apart at a block. */
export interface Signs {
  readonly getters: Getters;
  /** Views of every ERC-7641 token that it does not answer. */
  readonly missingViews: readonly string[];
}

/** Asks a contract for what tells its policy. */
export async function readSigns(
  node: ChainNode,
  address: Address,
  block: BlockTag,
): Promise<Signs> {
  const [getters, views] = await Promise.all([
    readGetters(node, address, block),
    Promise.all(REVENUE_VIEWS.map(({ data }) => node.view(address, data, block))),
  ]);
  const missing = REVENUE_VIEWS.filter((_, index) => views[index] === null);
  return { getters, missingViews: missing.map(({ signature }) => signature) };
}

/** Reads the numbers of the rules of a contract at the end of a block. */
export async function readGetters(node: ChainNode, to: Address, block: BlockTag): Promise<Getters> {
  const calls = GETTERS.map(({ data }) => ({ to, data }));
  const answers = await node.views(calls, block);
  return Object.fromEntries(
    GETTERS.map(({ signature }, index) => [signature, uintOf(answers[index] ?? null)]),
  );
}

/** The number of a word; `null` for any other answer. */
export function uintOf(answer: string | null): bigint | null {
  return answer !== null && answer.length === 66 ? BigInt(answer) : null;
}
