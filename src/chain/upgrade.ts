import { type Address, checksummed } from '../address.js';
import { ImoError } from '../errors.js';
import type { TokenRules } from '../ledger/apply.js';
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
  { address, rules }: { readonly address: Address; readonly rules: TokenRules },
  { number, hash }: BlockHeader,
): Promise<void> {
  const before = await policyAt(node, address, rules, number - 1);
  const after = await policyAt(node, address, rules, { hash });
  if (before === after) return;
  throw upgraded(address, number, before, after);
}

/**
 * Asserts that a contract says the terms that its books are kept by. This notices what no log at
 * the token tells: a beacon that names other code, a function that sets a percentage. A contract
 * whose views say nothing has lost its policy only if it had it before.
 *
 * @param from a block at whose end the terms were these; `null`: they were read at the head
 * @returns whether they were seen to hold
 * @throws ImoError `TOKEN_UPGRADED` naming the block of the change and both
 */
export async function assertTermsHold(
  node: ChainNode,
  token: { readonly address: Address; readonly rules: TokenRules },
  from: number | null,
  { number, hash }: BlockHeader,
): Promise<boolean> {
  const said = await termsAt(node, token, { hash });
  if (said === 'same') return true;
  if (said === 'none' && (from === null || (await termsAt(node, token, from)) !== 'same')) {
    return false;
  }
  const changed = await blockOfChange(node, token, from, number);
  const { address, rules } = token;
  const before = await policyAt(node, address, rules, changed - 1);
  throw upgraded(address, changed, before, await policyAt(node, address, rules, changed));
}

/** By bisection, between the block at which the terms do not hold and one at which they do. */
async function blockOfChange(
  node: ChainNode,
  token: { readonly address: Address; readonly rules: TokenRules },
  from: number | null,
  differing: number,
): Promise<number> {
  const isLater = from === null;
  let low = from ?? differing;
  let high = isLater ? await node.headNumber() : differing;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (((await termsAt(node, token, middle)) === 'same') === isLater) high = middle;
    else low = middle;
  }
  return high;
}

/** What a contract says of what payments depend on; the interval of snapshots is not of it. */
async function termsAt(
  node: ChainNode,
  { address, rules }: { readonly address: Address; readonly rules: TokenRules },
  block: BlockTag,
): Promise<'same' | 'other' | 'none'> {
  try {
    const { terms } = await detectPolicy(node, address, rules.policy, block);
    const { percentClaimable, window } = rules.terms;
    const isSame = terms.percentClaimable === percentClaimable && terms.window === window;
    return isSame ? 'same' : 'other';
  } catch (error) {
    if (error instanceof ImoError && error.code === 'TOKEN_NO_POLICY') return 'none';
    throw error;
  }
}

function upgraded(address: Address, block: number, before: string, after: string): ImoError {
  return new ImoError(
    'TOKEN_UPGRADED',
    `the code or the terms of ${checksummed(address)} were changed in block ${block}: it was ${before}, and is ` +
      `${after} now`,
    'The books hold up to the block before. Terms that change are not known to them: index up to ' +
      'that block with --to-block, or take the token out of the config.',
  );
}

/** By the policy of the books first: getters alone may not tell which one it is. */
async function policyAt(
  node: ChainNode,
  address: Address,
  { policy }: TokenRules,
  block: BlockTag,
): Promise<string> {
  for (const wanted of [policy, 'auto'] as const) {
    try {
      return describe(await detectPolicy(node, address, wanted, block));
    } catch (error) {
      if (!(error instanceof ImoError && error.code === 'TOKEN_NO_POLICY')) throw error;
    }
  }
  return 'no policy';
}

function describe({ policy, terms }: { policy: RevenuePolicy; terms: RevenueTerms }): string {
  const { percentClaimable, window, interval, intervalUnit } = terms;
  const open = window === null ? 'all snapshots open' : `${window} snapshots open`;
  const gap = interval === null ? '' : `, ${interval} ${intervalUnit} apart`;
  return `${policy.name}, ${percentClaimable} %, ${open}${gap}`;
}
