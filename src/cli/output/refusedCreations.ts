import { checksummed } from '../../address.js';
import {
  REFUSALS_AT_MOST,
  type RefusedCreation,
} from '../../store/read/chains/refusedCreations.js';

/** Lines about what is left out of what the factories of a chain created. */
export function refusedLines(
  chain: string,
  refused: readonly Omit<RefusedCreation, 'chainId'>[],
): string[] {
  const lines = refused.map(
    ({ address, factory, block, code, reason }) =>
      `${chain}: ${checksummed(address)} is left out, which factory ${checksummed(factory)} named in block ` +
      `${block.toLocaleString('en-US')} (${code}): ${reason}\n`,
  );
  if (refused.length < REFUSALS_AT_MOST) return lines;
  return [
    ...lines,
    `${chain}: these are the newest ${REFUSALS_AT_MOST}; the table factory_contract has all\n`,
  ];
}
