import { type Address, checksummed } from '../../address.js';
import { ImoError } from '../../errors.js';
import type { ChainNode } from '../node.js';

/** A contract of the config, with the first block that the config says. */
export interface ConfiguredContract {
  readonly address: Address;
  readonly startBlock: number | null;
}

/**
 * The first block with code at the address, found by bisection; also checks what the
 * config claims.
 *
 * @param errorCode of the error, by the kind of contract.
 * @throws ImoError `errorCode` if the configured start is after the deployment.
 */
export async function deploymentBlock(
  node: ChainNode,
  { address, startBlock }: ConfiguredContract,
  chainStartBlock: number | null,
  head: number,
  errorCode: string,
): Promise<number> {
  const hasCode = async (block: number) => block >= 0 && (await node.code(address, block)) !== '0x';
  const claimed = startBlock ?? chainStartBlock ?? 0;
  const [isLate, hasCodeThen] =
    claimed > head ? [true, false] : await Promise.all([hasCode(claimed - 1), hasCode(claimed)]);
  if (isLate) {
    const deployed = await firstBlock(hasCode, 0, Math.min(claimed - 1, head));
    throw new ImoError(
      errorCode,
      `startBlock ${claimed} of ${checksummed(address)} is after its deployment in block ${deployed}`,
      `Write startBlock: ${deployed}, or leave it out. Figures need the whole history.`,
    );
  }
  return hasCodeThen ? claimed : firstBlock(hasCode, claimed + 1, head);
}

/** Smallest block in `[low, high]` for which the (monotonic) question is true. */
export async function firstBlock(
  question: (block: number) => Promise<boolean>,
  low: number,
  high: number,
): Promise<number> {
  let from = low;
  let to = high;
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if (await question(middle)) to = middle;
    else from = middle + 1;
  }
  return to;
}
