import {
  changesBetween,
  readTerms,
  type SaidChange,
  type TermsSubject,
} from '../../../chain/contract/terms.js';
import {
  hasGetters,
  hasPolicy,
  type LostPolicy,
  policyLost,
} from '../../../chain/contract/upgrade.js';
import type { BlockHeader, ChainNode } from '../../../chain/node.js';
import { areSameTerms, type ContractTerms } from '../../../ledger/terms.js';
import { troubleOf } from '../../holding/contractTrouble.js';
import type { TokenBook } from '../book/tokenBook.js';
import { lateChange } from './termsChanged.js';

/**
 * What a contract says its terms are at the end of a block; `null` where the node cannot say it, or
 * where its getters never fitted its policy so far.
 *
 * @param before when they were last seen
 * @throws ContractTroubleError `TOKEN_UPGRADED` if the contract lost its policy since then
 */
export async function termsSaid(
  node: ChainNode,
  { subject }: TokenBook,
  before: SaidChange,
  { number, hash }: Omit<BlockHeader, 'hash' | 'timestampMs'> & { readonly hash: string | null },
): Promise<ContractTerms | null> {
  const said = await readTerms(node, subject, hash === null ? number : { hash });
  if (typeof said !== 'string') return said;
  if (said === 'unknown') return null;
  const range = { from: before.block, without: number };
  refuse(await policyLost(node, subject, range, hasGetters), subject);
  return null;
}

/**
 * Asserts that a contract follows the policy of its books at the end of a block, by its getters and
 * views.
 *
 * @throws ContractTroubleError `TOKEN_UPGRADED` if it followed it when that was last seen
 */
export async function assertPolicyHolds(
  node: ChainNode,
  book: TokenBook,
  { number, hash }: BlockHeader,
): Promise<void> {
  const { subject } = book;
  if ((await hasPolicy(node, subject, { hash })) === true) book.policySeenAt = number;
  else {
    const range = { from: book.policySeenAt, without: number };
    refuse(await policyLost(node, subject, range, hasPolicy), subject);
  }
}

function refuse(lost: LostPolicy | null, { address }: TermsSubject): void {
  if (lost !== null) throw troubleOf(lost.error, { kind: 'token', address }, lost.block);
}

/**
 * Asserts that a contract says the terms that its books were kept by at a block: where an operation or
 * a snapshot does not add up by these terms, it may do so by others.
 *
 * @throws TermsChangedError if it says others, from which block on; and as `termsSaid`
 */
export async function assertTermsHold(
  node: ChainNode,
  book: TokenBook,
  header: BlockHeader,
): Promise<void> {
  const before = book.seen.at(header.number);
  const terms = await termsSaid(node, book, before, header);
  if (terms === null || areSameTerms(before.terms, terms)) return;
  const to = { block: header.number, terms };
  const [first = to] = await changesBetween(node, book.subject, before, to);
  throw lateChange(book.subject, first.block, before.terms, first.terms);
}
