import { ledger } from '../../ledger/client.js';
import { BooksAccountsDocument } from '../../ledger/generated/books.js';
import { useAnswer } from '../../ledger/useAnswer.js';
import { Answered } from '../../parts/answered.js';
import { Section } from '../../parts/card.js';
import { atOfPage } from '../../place/moment.js';
import { texts } from '../../texts/texts.js';
import { AccountTable } from './accountTable.js';
import type { BooksContract } from './contracts.js';

/** The accounts of an oracle or a sale. */
export function Accounts({ contract }: { readonly contract: BooksContract }) {
  const { books: t } = texts.value;
  const at = atOfPage();
  const { chainId, address } = contract;
  const known = useAnswer(`accounts ${chainId} ${address} ${JSON.stringify(at)}`, (signal) =>
    ledger.query(BooksAccountsDocument, { chainId, contract: address, at }, signal),
  );
  return (
    <Section title={t.accounts}>
      <Answered known={known} lines={6}>
        {({ accounts }) =>
          accounts == null || accounts.nodes.length === 0 ? (
            <p class="empty">{t.noAccounts}</p>
          ) : (
            <AccountTable
              label={t.accounts}
              contract={contract}
              accounts={accounts.nodes}
              note={accounts.pageInfo.hasNextPage ? t.more : undefined}
            />
          )
        }
      </Answered>
    </Section>
  );
}
