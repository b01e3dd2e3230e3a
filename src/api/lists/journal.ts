import type { Address } from '../../address.js';
import { JOURNAL_ENTRY } from '../../model/tables/journalEntry.js';
import type { AsOf } from '../../store/read/chains/asOf.js';
import { JOURNAL, type JournalRecord } from '../../store/read/journal/journal.js';
import { TokenIdentityType, tokenIdentity } from '../objects/identities.js';
import { PostingType } from '../objects/operations/journal.js';
import { type OperationNode, OperationType } from '../objects/operations/operations.js';
import type { ApiContext } from '../request/context.js';
import { defineOperations } from './engine/defineOperations.js';
import { field, only, optional } from './engine/field.js';
import {
  ADDRESS,
  AMOUNT,
  ASSET,
  JOURNAL_CONTRACT,
  JOURNAL_KIND,
  TEXT,
} from './engine/fieldKinds.js';
import { mentions } from './engine/memoryList.js';
import { type JournalNumber, journalOwnersOf, journals } from './journalOwners.js';
import { TOKEN_FILTER } from './tokenBooks.js';

const { columns } = JOURNAL_ENTRY;

const CONTRACT = 'The contract in whose journal it is.';
const CONTRACT_LABEL = 'Name that the config gives that contract; null: none.';
const CONTRACT_KIND = 'What that contract is.';

const CONTRACT_LABELS = new Set(['contractLabel']);

/** A journal, and what its contract is called; read only if conditions ask for it. */
interface NamedJournal extends JournalNumber {
  readonly label: string | null;
}

type JournalNode = OperationNode<JournalRecord>;

/** The entries of all journals. */
export const JOURNAL_LIST = defineOperations({
  name: 'Journal',
  query: {
    name: 'journal',
    text: 'Every movement of money in tokens, AI oracles and sales, in double entry.',
  },
  rows: 'journal entries',
  type: {
    name: 'JournalEntry',
    text: 'A movement of money in the books of a token, an AI oracle or a sale; its postings sum to zero.',
    base: OperationType,
  },
  reader: JOURNAL,
  owners: {
    fields: {
      contract: { kind: ADDRESS, text: CONTRACT, of: ({ address }: JournalNumber) => address },
      contractKind: {
        kind: JOURNAL_CONTRACT,
        text: CONTRACT_KIND,
        of: ({ kind }: JournalNumber) => kind,
      },
      contractLabel: { kind: TEXT, text: CONTRACT_LABEL, of: ({ label }: NamedJournal) => label },
    },
    async ownersOf(
      context: ApiContext,
      chains: ReadonlyMap<number, AsOf>,
      filter: { readonly token?: Address | null; readonly contract?: Address | null },
      where,
    ): Promise<NamedJournal[]> {
      const owners = await journalOwnersOf(context, chains, filter);
      const isNamed = mentions(where, CONTRACT_LABELS);
      return Promise.all(
        owners.map(async (owner) => {
          const label = isNamed ? await context.loaders.addressName.load(owner) : null;
          return { ...owner, number: owner.journalNumber, label };
        }),
      );
    },
  },
  toNode: (row, _, asOf): JournalNode => ({ ...row, asOf }),
  fields: {
    kind: field(JOURNAL_KIND, 'What moved it.', columns.kind),
    asset: field(ASSET, 'What amounts are in.', columns.asset),
    holder: optional(ADDRESS, 'Who was paid; in a sale also who paid in.', columns.holder),
    amountWei: field(
      AMOUNT,
      'What was moved, in units of the asset (wei for ETH).',
      columns.amountWei,
    ),
  },
  labelled: ['holder'],
  resolved: {
    token: {
      shows: () => TokenIdentityType,
      text: 'Which token; null in the books of oracles and sales.',
      isNullable: true,
      async resolve(node, context) {
        const { number, kind } = await ownerOf(context, node);
        if (kind !== 'token') return null;
        return tokenIdentity(await context.books.tokenNumbered(number));
      },
    },
    contract: {
      shows: () => ADDRESS.type,
      text: CONTRACT,
      resolve: async (node, context) => (await ownerOf(context, node)).address,
    },
    contractLabel: {
      shows: () => String,
      text: CONTRACT_LABEL,
      isNullable: true,
      async resolve(node, context) {
        const { address } = await ownerOf(context, node);
        return context.loaders.addressName.load({ chainId: node.chainId, address });
      },
    },
    contractKind: {
      shows: () => JOURNAL_CONTRACT.type,
      text: CONTRACT_KIND,
      resolve: async (node, context) => (await ownerOf(context, node)).kind,
    },
    postings: {
      shows: () => [PostingType],
      text: 'Its postings; they sum to zero.',
      async resolve(entry, { loaders }) {
        const postings = await loaders.postings.load(entry.id);
        return postings.map((posting) => ({ ...posting, entry, asset: entry.asset }));
      },
    },
  },
  needs: { token: [], contract: [], contractLabel: [], contractKind: [] },
  value: { what: 'it', of: (entry) => ({ place: entry, amount: entry.amountWei }) },
  filter: {
    ...TOKEN_FILTER,
    contract: 'Only the journal of this token, AI oracle or sale.',
    asset: 'Only entries in this asset.',
    kind: 'Only this kind.',
    account: only(TEXT, 'Only entries with a posting to this account, e.g. "redeemable".'),
    holder: 'Only entries of this holder: payments to it, and what it paid into a sale.',
    amountWei: { between: 'Only amounts in this range, in units of the asset (wei for ETH).' },
  },
  filterLast: true,
  indexed: ['holder'],
  amount: 'amountWei',
});

async function ownerOf(context: ApiContext, { tokenNumber }: JournalNode): Promise<JournalNumber> {
  const owner = (await journals(context)).find((one) => one.journalNumber === tokenNumber);
  if (owner === undefined) throw new RangeError(`a row of contract ${tokenNumber}, unasked`);
  return owner;
}
