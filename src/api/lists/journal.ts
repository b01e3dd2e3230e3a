import type { Address } from '../../address.js';
import type { AsOf } from '../../store/read/chains/asOf.js';
import { JOURNAL, JOURNAL_COLUMNS, type JournalRecord } from '../../store/read/journal/journal.js';
import type { OperationNode } from '../objects/operations/operations.js';
import type { ApiContext } from '../request/context.js';
import { type JournalNumber, journalOwnersOf } from './journalOwners.js';

/** The entries of all journals. */
export const JOURNAL_SET = {
  kind: JOURNAL,
  columns: JOURNAL_COLUMNS,
  ownerFields: {
    contract: ({ address }: JournalNumber) => address,
    contractKind: ({ kind }: JournalNumber): string => kind,
  },
  indexed: ['holder'],

  async ownersOf(
    context: ApiContext,
    chains: ReadonlyMap<number, AsOf>,
    filter: { readonly token?: Address | null; readonly contract?: Address | null },
  ): Promise<JournalNumber[]> {
    const owners = await journalOwnersOf(context, chains, filter);
    return owners.map((owner) => ({ ...owner, number: owner.journalNumber }));
  },

  toNode: (row: JournalRecord, _: JournalNumber, asOf: AsOf): OperationNode<JournalRecord> => ({
    ...row,
    asOf,
  }),
} as const;
