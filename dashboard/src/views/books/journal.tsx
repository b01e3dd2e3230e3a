import { count, digitsShown } from '../../format/amounts.js';
import { ledger } from '../../ledger/client.js';
import { BooksJournalDocument, type BooksJournalQuery } from '../../ledger/generated/books.js';
import { useAnswer } from '../../ledger/useAnswer.js';
import { Address } from '../../parts/address.js';
import { Amount } from '../../parts/amount.js';
import { Answered } from '../../parts/answered.js';
import { Section } from '../../parts/card.js';
import { DataTable } from '../../parts/dataTable.js';
import { Time } from '../../parts/time.js';
import { atOfPage } from '../../place/moment.js';
import { useParameters } from '../../place/parameters.js';
import { texts } from '../../texts/texts.js';
import type { BooksContract } from './contracts.js';
import { filterOf, JournalFilterForm } from './journalFilter.js';

type Entry = NonNullable<BooksJournalQuery['journal']>['nodes'][number];

/** Every movement of money in the books of a contract, the newest first. */
export function Journal({ contract }: { readonly contract: BooksContract }) {
  const { books: t, offering } = texts.value;
  const at = atOfPage();
  const { parameters, change } = useParameters();
  const filter = filterOf(contract, parameters);
  const { after } = parameters;
  const known = useAnswer(`journal ${JSON.stringify([filter, at, after])}`, (signal) =>
    ledger.query(BooksJournalDocument, { filter, at, after }, signal),
  );
  return (
    <Section title={t.journal}>
      <JournalFilterForm contract={contract} />
      <Answered known={known} lines={12}>
        {({ journal }) => (
          <>
            {journal == null || journal.nodes.length === 0 ? (
              <p class="empty">{t.noEntries}</p>
            ) : (
              <Entries contract={contract} entries={journal.nodes} />
            )}
            <div class="pager">
              {after !== undefined && (
                <button type="button" class="button" onClick={() => change({ after: null })}>
                  {t.newest}
                </button>
              )}
              {journal?.pageInfo.hasNextPage === true && (
                <button
                  type="button"
                  class="button"
                  onClick={() => change({ after: journal.pageInfo.endCursor })}
                >
                  {offering.following}
                </button>
              )}
            </div>
          </>
        )}
      </Answered>
    </Section>
  );
}

function Entries({
  contract,
  entries,
}: {
  readonly contract: BooksContract;
  readonly entries: readonly Entry[];
}) {
  const { books: t, table } = texts.value;
  const unitOf = ({ asset }: { readonly asset: string }) => contract.unitOf(asset);
  const digits = Math.max(
    ...entries.map((entry) => digitsShown([entry.amountWei], unitOf(entry).decimals ?? 0)),
  );
  return (
    <DataTable
      label={t.journal}
      narrow="rows"
      rows={entries}
      keyOf={({ id }) => id}
      columns={[
        { title: table.time, cell: ({ timestamp }) => <Time moment={timestamp} /> },
        { title: t.block, isNumber: true, cell: ({ block }) => count(block) },
        { title: t.kind, cell: ({ kind }) => t.kinds[kind] },
        {
          title: t.postings,
          cell: (entry) => (
            <ul class="postings">
              {entry.postings.map(({ account, amountWei }) => (
                <li key={account}>
                  <span class="account">{account}</span>{' '}
                  <Amount value={amountWei} unit={unitOf(entry)} />
                </li>
              ))}
            </ul>
          ),
        },
        {
          title: table.amount,
          isNumber: true,
          cell: (entry) => <Amount value={entry.amountWei} unit={unitOf(entry)} digits={digits} />,
        },
        { title: t.holder, cell: ({ holder }) => holder !== null && <Address hex={holder} /> },
        {
          title: table.transaction,
          cell: ({ transactionHash }) =>
            transactionHash !== null && <Address hex={transactionHash} />,
        },
      ]}
    />
  );
}
