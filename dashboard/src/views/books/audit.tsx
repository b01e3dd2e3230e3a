import { count } from '../../format/amounts.js';
import { ledger } from '../../ledger/client.js';
import {
  BooksAuditsDocument,
  BooksTrialBalanceDocument,
  type BooksTrialBalanceQuery,
} from '../../ledger/generated/books.js';
import { useAnswer } from '../../ledger/useAnswer.js';
import { Address } from '../../parts/address.js';
import { Answered } from '../../parts/answered.js';
import { Figure, Section } from '../../parts/card.js';
import { DataTable } from '../../parts/dataTable.js';
import { Check, Cross } from '../../parts/icons.js';
import { Time } from '../../parts/time.js';
import { texts } from '../../texts/texts.js';
import type { BooksContract } from './contracts.js';

type Disagreement = NonNullable<BooksTrialBalanceQuery['token']>['disagreements'][number];

/** The last audit: what was compared with the contracts, when, and what differs. It is always as of now. */
export function Audit({ contract }: { readonly contract: BooksContract }) {
  const { books: t } = texts.value;
  const { chainId, address: token } = contract;
  const known = useAnswer(`audit ${chainId} ${token}`, async (signal) => {
    const [audits, balance] = await Promise.all([
      ledger.query(BooksAuditsDocument, {}, signal),
      ledger.query(BooksTrialBalanceDocument, { chainId, token }, signal),
    ]);
    const chain = audits.data.status?.find((one) => one.chainId === chainId);
    return { data: { audit: chain?.audit ?? null, token: balance.data.token }, marks: {} };
  });
  return (
    <Section title={t.audit}>
      <Answered known={known} lines={4}>
        {({ audit, token: facts }) => {
          const disagreements = facts?.disagreements ?? [];
          if (audit === null) return <p class="empty">{t.noAudit}</p>;
          return (
            <>
              <p class={disagreements.length === 0 ? 'positive' : 'wrong'}>
                <Verdict differ={disagreements.length} isUnaudited={facts?.isUnaudited ?? false} />
              </p>
              <dl class="figures">
                <Figure name={t.auditedBlock}>{count(audit.block)}</Figure>
                <Figure name={t.auditedAt}>
                  <Time moment={audit.auditedAt} />
                </Figure>
                <Figure name={t.figures}>{count(audit.figures)}</Figure>
                <Figure name={t.mismatches}>{count(audit.mismatches)}</Figure>
              </dl>
              {disagreements.length > 0 && <Disagreements rows={disagreements} />}
            </>
          );
        }}
      </Answered>
    </Section>
  );
}

function Verdict({
  differ,
  isUnaudited,
}: {
  readonly differ: number;
  readonly isUnaudited: boolean;
}) {
  const { books: t } = texts.value;
  if (differ > 0) {
    return (
      <>
        <Cross /> {t.someDiffer}
      </>
    );
  }
  if (isUnaudited) return <>{t.unaudited}</>;
  return (
    <>
      <Check /> {t.allAgree}
    </>
  );
}

function Disagreements({ rows }: { readonly rows: readonly Disagreement[] }) {
  const { books: t } = texts.value;
  return (
    <DataTable
      label={t.mismatches}
      narrow="rows"
      rows={rows}
      keyOf={({ figure }) => figure}
      columns={[
        { title: t.figure, cell: ({ figure }) => <bdi class="account">{figure}</bdi> },
        { title: t.whose, cell: ({ account }) => account !== null && <Address hex={account} /> },
        { title: t.seenFirst, isNumber: true, cell: ({ firstBlock }) => count(firstBlock) },
        { title: t.byBooks, isNumber: true, cell: ({ ours }) => count(ours) },
        {
          title: t.byContract,
          isNumber: true,
          cell: ({ contract }) => (contract === null ? t.reverts : count(contract)),
        },
      ]}
    />
  );
}
