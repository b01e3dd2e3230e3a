import { count } from '../../format/amounts.js';
import { countdown } from '../../format/times.js';
import type { StatusDetailsQuery } from '../../ledger/generated/status.js';
import { Address } from '../../parts/address.js';
import { Figure, Section } from '../../parts/card.js';
import { DataTable } from '../../parts/dataTable.js';
import { Check, Cross } from '../../parts/icons.js';
import { Time } from '../../parts/time.js';
import { Say } from '../../texts/say.js';
import { locale, texts } from '../../texts/texts.js';

type Chain = NonNullable<StatusDetailsQuery['status']>[number];

/** What is known of one chain besides how far it is. */
export function ChainDetails({ chain }: { readonly chain: Chain }) {
  const { status: t } = texts.value;
  return (
    <Section title={chain.name ?? String(chain.chainId)}>
      {chain.isOnChain === false && (
        <p class="notice danger" role="alert">
          {t.otherFork}
        </p>
      )}
      <h3>{t.audit}</h3>
      <Audit chain={chain} />
      <h3>{t.endpoints}</h3>
      <Endpoints chain={chain} />
      <h3>{t.held}</h3>
      <Held chain={chain} />
      {chain.joining !== null && (
        <>
          <h3>{t.joining}</h3>
          <Joining joining={chain.joining} />
        </>
      )}
      {chain.archived.length > 0 && (
        <>
          <h3>{t.archived}</h3>
          <Archived chain={chain} />
        </>
      )}
    </Section>
  );
}

function Audit({ chain: { audit } }: { readonly chain: Chain }) {
  const { status: t, books } = texts.value;
  if (audit === null) return <p class="empty">{books.noAudit}</p>;
  return (
    <>
      <p class={audit.mismatches === 0 ? 'positive' : 'wrong'}>
        {audit.mismatches === 0 ? <Check /> : <Cross />}{' '}
        {audit.mismatches === 0 ? t.allAgree : t.someDiffer}
      </p>
      <dl class="figures">
        <Figure name={books.auditedBlock}>{count(audit.block)}</Figure>
        <Figure name={books.auditedAt}>
          <Time moment={audit.auditedAt} />
        </Figure>
        <Figure name={books.figures}>{count(audit.figures)}</Figure>
        <Figure name={books.mismatches}>{count(audit.mismatches)}</Figure>
      </dl>
    </>
  );
}

function Endpoints({ chain: { endpoints } }: { readonly chain: Chain }) {
  const { status: t } = texts.value;
  if (endpoints.length === 0) return <p class="empty">{t.noEndpoints}</p>;
  return (
    <DataTable
      label={t.endpoints}
      rows={endpoints}
      keyOf={({ position }) => position}
      narrow="rows"
      columns={[
        { title: t.endpoint, cell: ({ position }) => position },
        {
          title: t.answers,
          cell: ({ block, unavailable }) =>
            block === null ? (
              <span class="wrong">
                <Cross /> {unavailable}
              </span>
            ) : (
              <span class="positive">
                <Check /> {t.yes}
              </span>
            ),
        },
        {
          title: t.head,
          isNumber: true,
          cell: ({ block }) => (block === null ? '—' : count(block)),
        },
        { title: t.took, isNumber: true, cell: ({ milliseconds }) => `${count(milliseconds)} ms` },
      ]}
    />
  );
}

function Held({ chain: { held } }: { readonly chain: Chain }) {
  const { status: t } = texts.value;
  if (held.length === 0) return <p class="empty">{t.noneHeld}</p>;
  return (
    <DataTable
      label={t.held}
      rows={held}
      keyOf={({ address }) => address}
      narrow="rows"
      columns={[
        { title: t.contract, cell: ({ address }) => <Address hex={address} /> },
        { title: t.kind, cell: ({ kind }) => t.kinds[kind] },
        { title: t.lastBlock, isNumber: true, cell: ({ lastBlock }) => count(lastBlock) },
        { title: t.since, cell: ({ heldAt }) => <Time moment={heldAt} /> },
        {
          title: t.reason,
          cell: ({ code, reason, hint }) => (
            <>
              <bdi>{reason}</bdi> <bdi class="muted">{hint}</bdi>{' '}
              <span class="muted small">{code}</span>
            </>
          ),
        },
      ]}
    />
  );
}

function Joining({ joining }: { readonly joining: NonNullable<Chain['joining']> }) {
  const { status: t } = texts.value;
  const { contracts, fromBlock, block, toBlock, leftMs } = joining;
  const done = Math.max(0, block - fromBlock + 1);
  const all = Math.max(1, toBlock - fromBlock + 1);
  return (
    <>
      <p>
        <Say
          text={t.joiningNote}
          contracts={count(contracts.length)}
          block={count(block)}
          toBlock={count(toBlock)}
        />{' '}
        {leftMs !== null && <Say text={t.about} time={countdown(Number(leftMs), locale.value)} />}
      </p>
      <progress value={Math.min(done, all)} max={all} aria-label={t.joining} />
    </>
  );
}

function Archived({ chain: { archived } }: { readonly chain: Chain }) {
  const { status: t } = texts.value;
  return (
    <DataTable
      label={t.archived}
      rows={archived}
      keyOf={({ address }) => address}
      columns={[
        { title: t.contract, cell: ({ address }) => <Address hex={address} /> },
        { title: t.kind, cell: ({ kind }) => t.kinds[kind] },
        { title: t.lastBlock, isNumber: true, cell: ({ archivedBlock }) => count(archivedBlock) },
      ]}
    />
  );
}
