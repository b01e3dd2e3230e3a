import { count } from '../../format/amounts.js';
import { ledger } from '../../ledger/client.js';
import {
  BooksTrialBalanceDocument,
  type BooksTrialBalanceQuery,
} from '../../ledger/generated/books.js';
import { useAnswer } from '../../ledger/useAnswer.js';
import { Amount } from '../../parts/amount.js';
import { Answered } from '../../parts/answered.js';
import { Section, Unknown } from '../../parts/card.js';
import { DataTable } from '../../parts/dataTable.js';
import { Check, Cross } from '../../parts/icons.js';
import { atOfPage } from '../../place/moment.js';
import { Say } from '../../texts/say.js';
import { texts } from '../../texts/texts.js';
import { AccountTable } from './accountTable.js';
import type { BooksContract } from './contracts.js';

type Balance = NonNullable<BooksTrialBalanceQuery['trialBalance']>;
type Held = Balance['assets'][number];

/** What the accounts of a token hold, next to what its contract has on the chain at the same block. */
export function TrialBalance({ contract }: { readonly contract: BooksContract }) {
  const { books: t } = texts.value;
  const at = atOfPage();
  const { chainId, address: token } = contract;
  const known = useAnswer(`trial balance ${chainId} ${token} ${JSON.stringify(at)}`, (signal) =>
    ledger.query(BooksTrialBalanceDocument, { chainId, token, at }, signal),
  );
  return (
    <Section title={t.trialBalance}>
      <Answered known={known} lines={10}>
        {({ trialBalance, token: facts }) =>
          trialBalance != null && (
            <>
              {facts?.held != null && (
                <p class="notice danger">
                  <Say
                    text={t.booksEnd}
                    block={count(facts.held.lastBlock)}
                    reason={<bdi>{facts.held.reason}</bdi>}
                  />
                </p>
              )}
              <p class="muted">{t.trialBalanceNote}</p>
              <Comparison contract={contract} balance={trialBalance} />
              <h3>{t.accounts}</h3>
              <AccountTable
                label={t.accounts}
                contract={contract}
                accounts={trialBalance.accounts}
              />
              {trialBalance.beside.length > 0 && (
                <>
                  <h3>{t.beside}</h3>
                  <AccountTable
                    label={t.beside}
                    contract={contract}
                    accounts={trialBalance.beside}
                  />
                </>
              )}
            </>
          )
        }
      </Answered>
    </Section>
  );
}

function Comparison({
  contract,
  balance: { assets, asOf },
}: {
  readonly contract: BooksContract;
  readonly balance: Balance;
}) {
  const { books: t } = texts.value;
  return (
    <DataTable
      label={t.compared}
      narrow="rows"
      rows={assets}
      keyOf={({ asset }) => asset}
      columns={[
        {
          title: t.asset,
          cell: ({ asset }) => <bdi>{contract.unitOf(asset).symbol ?? asset}</bdi>,
        },
        {
          title: t.byBooks,
          isNumber: true,
          cell: ({ asset, held }) => <Amount value={held} unit={contract.unitOf(asset)} />,
        },
        {
          title: t.byContract,
          isNumber: true,
          cell: ({ asset, contractBalance, contractBalanceUnavailable }) =>
            contractBalance === null ? (
              <Unknown why={contractBalanceUnavailable ?? ''} />
            ) : (
              <Amount value={contractBalance} unit={contract.unitOf(asset)} />
            ),
        },
        {
          title: t.result,
          cell: (held) => <Result contract={contract} held={held} block={count(asOf.block)} />,
        },
      ]}
    />
  );
}

function Result({
  contract,
  held: { asset, held, contractBalance, contractBalanceUnavailable },
  block,
}: {
  readonly contract: BooksContract;
  readonly held: Held;
  readonly block: string;
}) {
  const { books: t } = texts.value;
  if (contractBalance === null) {
    return (
      <span class="muted" data-result="unknown">
        <Say text={t.notCompared} reason={contractBalanceUnavailable ?? ''} />
      </span>
    );
  }
  if (contractBalance === held) {
    return (
      <span class="positive" data-result="equal">
        <Check /> <Say text={t.equal} block={block} />
      </span>
    );
  }
  return (
    <span class="wrong" data-result="different" role="alert">
      <Cross />{' '}
      <Say
        text={t.different}
        amount={<Amount value={held - contractBalance} unit={contract.unitOf(asset)} />}
        block={block}
      />
    </span>
  );
}
