import { id } from 'ethers';
import type { Address } from '../../../address.js';
import { upgradedIn } from '../../../chain/contract/upgrade.js';
import { OPERATION_SELECTORS } from '../../../chain/reading/selectors.js';
import type { SourceBlock, SourceTrace } from '../../../chain/reading/source.js';

/** Functions of every ERC-20, with its usual extensions: none of them changes the terms. */
const OF_ERC20 = [
  'transfer(address,uint256)',
  'transferFrom(address,address,uint256)',
  'approve(address,uint256)',
  'increaseAllowance(address,uint256)',
  'decreaseAllowance(address,uint256)',
  'permit(address,address,uint256,uint256,uint8,bytes32,bytes32)',
  'balanceOf(address)',
  'allowance(address,address)',
  'totalSupply()',
].map((signature) => id(signature).slice(0, 10));

const HARMLESS: ReadonlySet<string> = new Set([...OPERATION_SELECTORS, ...OF_ERC20, '0x']);

/** What may have changed the terms of a token in a block. */
export interface TermsTrigger {
  /** The transactions of successful calls that are not known to leave the terms alone. */
  readonly transactions: ReadonlyMap<number, string>;
  /** The functions that were called; empty where code changed. */
  readonly selectors: ReadonlySet<string>;
}

/** By token: what a block did to it that may have changed its terms. No more is known of it. */
export function triggersIn(
  block: SourceBlock,
  tokens: ReadonlySet<string>,
): Map<Address, TermsTrigger> {
  const found = new Map<Address, { transactions: Map<number, string>; selectors: Set<string> }>();
  const of = (token: Address) => {
    const trigger = found.get(token) ?? { transactions: new Map(), selectors: new Set() };
    found.set(token, trigger);
    return trigger;
  };
  for (const trace of block.traces) {
    if (trace.type !== 'call') continue;
    const { callType, to, sighash } = trace.action;
    // Code that is called for another contract writes to the storage of that one.
    const selector = sighash ?? '0x';
    if (callType !== 'call' || !tokens.has(to) || HARMLESS.has(selector)) continue;
    // Checked last: it climbs a tree that may be deep.
    if (isReverted(trace)) continue;
    const { transactions, selectors } = of(to as Address);
    transactions.set(trace.transactionIndex, trace.getTransaction().hash);
    selectors.add(selector);
  }
  // Other code may change the terms whatever was called.
  for (const token of upgradedIn(block, tokens)) of(token).selectors.clear();
  return found;
}

function isReverted(trace: SourceTrace): boolean {
  if ((trace.error ?? null) !== null) return true;
  return trace.parent !== undefined && isReverted(trace.parent);
}
