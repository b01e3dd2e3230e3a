import type { Address } from '../../../address.js';
import type { TermsSubject } from '../../../chain/contract/terms.js';
import { termsDiffer } from '../../../chain/contract/upgrade.js';
import type { ImoError } from '../../../errors.js';
import type { ContractTerms } from '../../../ledger/terms.js';

/**
 * A contract changed its terms, or its code, in a block that is booked by those before: the blocks from
 * there on are read again, with the change.
 */
export class TermsChangedError extends Error {
  override readonly name = 'TermsChangedError';

  constructor(
    readonly token: Address,
    /** The block of the change. */
    readonly block: number,
    /** What to say where reading the block again does not help. */
    readonly trouble: ImoError,
  ) {
    super(trouble.message, { cause: trouble });
  }
}

/** The change of a block that is booked by the terms before. */
export function lateChange(
  subject: TermsSubject,
  block: number,
  before: ContractTerms,
  after: ContractTerms,
): TermsChangedError {
  const trouble = termsDiffer(subject, block, before, after);
  return new TermsChangedError(subject.address, block, trouble);
}

/** Blocks of which it was found out, too late to book them so, that a contract changed its terms there. */
export class LearnedChanges {
  private readonly blocks = new Map<Address, Set<number>>();

  /** @returns whether it was not known before */
  learn(token: Address, block: number): boolean {
    const known = this.blocks.get(token) ?? new Set();
    this.blocks.set(token, known);
    if (known.has(block)) return false;
    known.add(block);
    return true;
  }

  /** Ascending. */
  of(token: Address, after: number, upTo: number): number[] {
    const known = [...(this.blocks.get(token) ?? [])];
    return known.filter((block) => block > after && block <= upTo).sort((a, b) => a - b);
  }
}
