import type { Address } from '../../../address.js';
import type { SourceBlock, SourceTrace } from '../source.js';
import type { SilentDestruction } from './untracedCauses.js';

/**
 * Self-destructs in favour of tokens whose frames carry no amount. Besu shows a balance of 0, because
 * it reads it after the money has moved.
 */
export function silentDestructions(
  block: SourceBlock,
  tokens: ReadonlySet<string>,
): Map<string, SilentDestruction[]> {
  const found = new Map<string, SilentDestruction[]>();
  for (const trace of block.traces) {
    if (trace.type !== 'suicide' || trace.action.balance !== 0n) continue;
    const { address, refundAddress } = trace.action;
    if (!tokens.has(refundAddress) || isReverted(trace)) continue;
    const { transactionIndex } = trace;
    const { hash } = trace.getTransaction();
    const before = found.get(refundAddress) ?? [];
    const destruction = { transactionIndex, transactionHash: hash, address: address as Address };
    found.set(refundAddress, [...before, destruction]);
  }
  return found;
}

function isReverted(trace: SourceTrace): boolean {
  if ((trace.error ?? null) !== null) return true;
  return trace.parent !== undefined && isReverted(trace.parent);
}
