import { type Address, checksummed } from '../address.js';
import { ImoError } from '../errors.js';
import type { RevenuePolicy } from '../ledger/policy.js';
import type { RevenueTerms } from '../ledger/state.js';
import { detectPolicy } from './detect.js';
import type { BlockHeader, BlockTag, ChainNode } from './node.js';
import { UPGRADE_TOPICS } from './selectors.js';
import type { SourceBlock } from './source.js';

/** The tokens whose code changed in a block. */
export function upgradedIn(block: SourceBlock, tokens: ReadonlySet<string>): Set<Address> {
  const upgraded = new Set<Address>();
  for (const { address, topics } of block.logs) {
    if (!tokens.has(address) || !UPGRADE_TOPICS.includes(topics[0] ?? '')) continue;
    upgraded.add(address as Address);
  }
  return upgraded;
}

/**
 * Asserts that an upgrade left the policy and the terms of a token as they were: both are found
 * out from the code before and after it. Terms hold for the whole life of a token in the books.
 *
 * @throws ImoError `TOKEN_UPGRADED` naming the block and both
 */
export async function assertSamePolicy(
  node: ChainNode,
  address: Address,
  { number, hash }: BlockHeader,
): Promise<void> {
  const before = await policyAt(node, address, number - 1);
  const after = await policyAt(node, address, { hash });
  if (before === after) return;
  throw new ImoError(
    'TOKEN_UPGRADED',
    `the code of ${checksummed(address)} was changed in block ${number}: it was ${before}, and is ` +
      `${after} now`,
    'The books hold up to the block before. Terms that change are not known to them: index up to ' +
      'that block with --to-block, or take the token out of the config.',
  );
}

async function policyAt(node: ChainNode, address: Address, block: BlockTag): Promise<string> {
  try {
    return describe(await detectPolicy(node, { address, policy: 'auto' }, block));
  } catch (error) {
    if (error instanceof ImoError && error.code === 'TOKEN_NO_POLICY') return 'no policy';
    throw error;
  }
}

function describe({ policy, terms }: { policy: RevenuePolicy; terms: RevenueTerms }): string {
  const { percentClaimable, window, interval, intervalUnit } = terms;
  const open = window === null ? 'all snapshots open' : `${window} snapshots open`;
  return `${policy.name}, ${percentClaimable} %, ${open}, ${interval} ${intervalUnit} apart`;
}
