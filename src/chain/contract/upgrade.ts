import { type Address, checksummed } from '../../address.js';
import { ImoError } from '../../errors.js';
import type { RevenuePolicy } from '../../ledger/policies/policy.js';
import type { RevenueTerms } from '../../ledger/state.js';
import type { ContractTerms } from '../../ledger/terms.js';
import type { BlockHeader, BlockTag, ChainNode } from '../node.js';
import { UPGRADE_TOPICS } from '../reading/selectors.js';
import type { SourceBlock } from '../reading/source.js';
import { detectPolicy } from './detect.js';
import { readTerms, type TermsSubject } from './terms.js';

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
 * Asserts that an upgrade left a token its policy. Its terms may be others: they are read as after any
 * other block that may change them.
 *
 * @throws ImoError `TOKEN_UPGRADED` naming the block and both policies
 */
export async function assertSamePolicy(
  node: ChainNode,
  subject: TermsSubject,
  { number, hash }: BlockHeader,
): Promise<void> {
  const { address, policy } = subject;
  if ((await fitting(node, address, policy, { hash })) !== null) return;
  const before = await policyAt(node, subject, number - 1);
  const after = await policyAt(node, subject, { hash });
  if (before === after) return;
  throw upgradedFrom(address, number, before, after);
}

/** Where a contract stopped following its policy, and what to say about it. */
export interface LostPolicy {
  readonly block: number;
  readonly error: ImoError;
}

/** Whether a contract follows a policy at the end of a block; `null`: the node cannot say it. */
type Follows = (node: ChainNode, subject: TermsSubject, block: BlockTag) => Promise<boolean | null>;

/** By its getters alone, whatever its supply is. */
export const hasGetters: Follows = async (node, subject, block) => {
  const said = await readTerms(node, subject, block);
  return said === 'unknown' ? null : said !== 'none';
};

/** By its getters and views: without supply the views revert, and so it does not. */
export const hasPolicy: Follows = async (node, { address, policy }, block) =>
  (await fitting(node, address, policy, block)) !== null;

/**
 * Finds the block in which a contract lost its policy, by bisection. This notices what no log at the
 * token shows: a beacon that names other code.
 *
 * @param from a block at which it should follow the policy
 * @param without a block at which it does not follow it
 * @returns `null` if it did not follow it at `from` either: then nothing was lost
 */
export async function policyLost(
  node: ChainNode,
  subject: TermsSubject,
  { from, without }: { readonly from: number; readonly without: number },
  follows: Follows,
): Promise<LostPolicy | null> {
  if ((await follows(node, subject, from)) !== true) return null;
  let low = from;
  let high = without;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if ((await follows(node, subject, middle)) === false) high = middle;
    else low = middle;
  }
  const before = await policyAt(node, subject, high - 1);
  const after = await policyAt(node, subject, high);
  return { block: high, error: upgradedFrom(subject.address, high, before, after) };
}

/** Terms that were changed in a block that cannot be booked by them. */
export function termsDiffer(
  { address, policy }: TermsSubject,
  block: number,
  before: ContractTerms,
  after: ContractTerms,
): ImoError {
  return upgradedFrom(
    address,
    block,
    describe({ policy, terms: before }),
    describe({ policy, terms: after }),
  );
}

function upgradedFrom(address: Address, block: number, before: string, after: string): ImoError {
  return new ImoError(
    'TOKEN_UPGRADED',
    `the code or the terms of ${checksummed(address)} changed in block ${block}: it was ${before}, and is ` +
      `${after} now`,
    'The books are correct up to the block before. Index up to that block with --to-block, or take the ' +
      'token out of the config.',
  );
}

/** By the policy of the books first: getters alone may not tell which one it is. */
async function policyAt(
  node: ChainNode,
  { address, policy }: TermsSubject,
  block: BlockTag,
): Promise<string> {
  for (const wanted of [policy, 'auto'] as const) {
    const detected = await fitting(node, address, wanted, block);
    if (detected !== null) return describe(detected);
  }
  return 'no policy';
}

async function fitting(
  node: ChainNode,
  address: Address,
  wanted: RevenuePolicy | 'auto',
  block: BlockTag,
): Promise<{ policy: RevenuePolicy; terms: RevenueTerms } | null> {
  try {
    return await detectPolicy(node, address, wanted, block);
  } catch (error) {
    if (error instanceof ImoError && error.code === 'TOKEN_NO_POLICY') return null;
    throw error;
  }
}

function describe({
  policy,
  terms,
}: {
  policy: RevenuePolicy;
  terms: RevenueTerms | ContractTerms;
}): string {
  const { percentClaimable, window, interval, intervalUnit } = terms;
  const open = window === null ? 'all snapshots open' : `${window} snapshots open`;
  const gap = interval === null ? '' : `, ${interval} ${intervalUnit} apart`;
  const own = [...policy.ownGetters].map(([getter, number]) => `, ${getter} ${number}`).join('');
  const pause = 'isPaused' in terms && terms.isPaused ? ', claims paused' : '';
  return `${policy.name}, ${percentClaimable} %, ${open}${gap}${own}${pause}`;
}
