import { useMemo } from 'preact/hooks';
import { count } from '../../format/amounts.js';
import { countdown } from '../../format/times.js';
import { ledger } from '../../ledger/client.js';
import { StatusDetailsDocument } from '../../ledger/generated/status.js';
import { type ChainHead, chains } from '../../ledger/heads.js';
import { useAnswer } from '../../ledger/useAnswer.js';
import { Answered } from '../../parts/answered.js';
import { Section, Skeleton, Unknown } from '../../parts/card.js';
import { DataTable } from '../../parts/dataTable.js';
import { Time } from '../../parts/time.js';
import { momentParameter } from '../../place/moment.js';
import { Say } from '../../texts/say.js';
import { locale, texts } from '../../texts/texts.js';
import { ChainDetails } from './chainDetails.js';
import { Pace } from './pace.js';
import { Reorgs } from './reorgs.js';

/** The chains: how far they are, and how sure their figures are. */
export function StatusView() {
  const { status: t } = texts.value;
  const known = useAnswer('status', (signal) => ledger.query(StatusDetailsDocument, {}, signal));
  return (
    <article class="view">
      <header class="view-head">
        <h1>{t.title}</h1>
        <p class="lead">{t.lead}</p>
        {momentParameter.value !== null && <p class="notice">{t.alwaysNow}</p>}
      </header>
      <Section title={t.chains}>
        {chains.value === null ? (
          <div aria-busy="true">
            <Skeleton lines={4} />
          </div>
        ) : (
          <Chains heads={chains.value} />
        )}
      </Section>
      <Answered known={known} lines={12}>
        {({ status, reorgs }) => (
          <>
            {reorgs != null && (
              <Reorgs
                page={reorgs}
                nameOf={(chainId) =>
                  status?.find((chain) => chain.chainId === chainId)?.name ?? String(chainId)
                }
              />
            )}
            {status?.map((chain) => (
              <ChainDetails key={chain.chainId} chain={chain} />
            ))}
          </>
        )}
      </Answered>
    </article>
  );
}

function Chains({ heads }: { readonly heads: readonly ChainHead[] }) {
  const { status: t } = texts.value;
  const pace = useMemo(() => new Pace(), []);
  const now = Date.now();
  return (
    <DataTable
      label={t.chains}
      rows={heads}
      keyOf={({ chainId }) => chainId}
      narrow="rows"
      columns={[
        { title: t.chain, cell: ({ name, chainId }) => <bdi>{name ?? chainId}</bdi> },
        {
          title: t.indexed,
          isNumber: true,
          cell: ({ indexed }) => (indexed == null ? t.nothing : count(indexed.block)),
        },
        {
          title: t.time,
          cell: ({ indexed }) =>
            indexed?.timestamp == null ? (
              <Unknown why={t.noTime} />
            ) : (
              <Time moment={indexed.timestamp} />
            ),
        },
        {
          title: t.final,
          isNumber: true,
          cell: ({ finalizedBlock }) =>
            finalizedBlock == null ? t.nothing : count(finalizedBlock),
        },
        {
          title: t.behind,
          isNumber: true,
          cell: ({ lagBlocks }) =>
            lagBlocks == null ? <Unknown why={t.noHead} /> : count(lagBlocks),
        },
        { title: t.left, cell: (head) => <Left leftMs={pace.leftMs(head, now)} head={head} /> },
      ]}
    />
  );
}

function Left({ leftMs, head }: { readonly leftMs: number | null; readonly head: ChainHead }) {
  const { status: t } = texts.value;
  if (head.lagBlocks === 0) return <span class="positive">{t.atHead}</span>;
  if (leftMs === null) return <Unknown why={t.noPace} />;
  return <Say text={t.about} time={countdown(leftMs, locale.value)} />;
}
