import { id } from 'ethers';
import type { Address } from '../../address.js';
import { OPERATION_SELECTORS } from '../../chain/selectors.js';
import type { SourceBlock, SourceTrace } from '../../chain/source.js';
import { upgradedIn } from '../../chain/upgrade.js';

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
}

/** By token: what a block did to it that may have changed its terms. No more is known of it. */
export function triggersIn(
  block: SourceBlock,
  tokens: ReadonlySet<string>,
): Map<Address, TermsTrigger> {
  const found = new Map<Address, Map<number, string>>();
  const of = (token: Address) => {
    const transactions = found.get(token) ?? new Map<number, string>();
    found.set(token, transactions);
    return transactions;
  };
  for (const trace of block.traces) {
    if (trace.type !== 'call' || isReverted(trace)) continue;
    const { callType, to, sighash } = trace.action;
    // Code that is called for another contract writes to the storage of that one.
    if (callType !== 'call' || !tokens.has(to) || HARMLESS.has(sighash ?? '0x')) continue;
    of(to as Address).set(trace.transactionIndex, trace.getTransaction().hash);
  }
  for (const token of upgradedIn(block, tokens)) of(token);
  return new Map([...found].map(([token, transactions]) => [token, { transactions }]));
}

function isReverted(trace: SourceTrace): boolean {
  if ((trace.error ?? null) !== null) return true;
  return trace.parent !== undefined && isReverted(trace.parent);
}
