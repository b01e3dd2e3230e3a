import { count } from '../../format/amounts.js';
import type { StatusDetailsQuery } from '../../ledger/generated/status.js';
import { Address } from '../../parts/address.js';
import { Section, Unknown } from '../../parts/card.js';
import { DataTable } from '../../parts/dataTable.js';
import { Time } from '../../parts/time.js';
import { texts } from '../../texts/texts.js';

type Page = NonNullable<StatusDetailsQuery['reorgs']>;

/** The reorganisations that were handled, the newest first. */
export function Reorgs({
  page: { nodes, totalCount },
  nameOf,
}: {
  readonly page: Page;
  readonly nameOf: (chainId: number) => string;
}) {
  const { status: t } = texts.value;
  const hash = (hex: string | null | undefined, why: string) =>
    hex == null ? <Unknown why={why} /> : <Address hex={hex} />;
  return (
    <Section title={t.reorgs}>
      <p class="muted">{t.reorgsNote}</p>
      {nodes.length === 0 ? (
        <p class="empty">{t.noReorgs}</p>
      ) : (
        <DataTable
          label={t.reorgs}
          rows={nodes}
          keyOf={({ chainId, number }) => `${chainId} ${number}`}
          narrow="rows"
          note={totalCount > nodes.length ? t.newestReorgs(nodes.length, totalCount) : undefined}
          columns={[
            { title: t.chain, cell: ({ chainId }) => <bdi>{nameOf(chainId)}</bdi> },
            { title: t.when, cell: ({ handledAt }) => <Time moment={handledAt} /> },
            { title: t.fromBlock, isNumber: true, cell: ({ firstBlock }) => count(firstBlock) },
            { title: t.depth, isNumber: true, cell: ({ depth }) => count(depth) },
            { title: t.oldHash, cell: ({ oldHash }) => hash(oldHash, t.oldHashUnknown) },
            { title: t.newHash, cell: ({ newHash }) => hash(newHash, t.newHashUnknown) },
            {
              title: t.rowsTakenBack,
              isNumber: true,
              cell: ({ rowsTakenBack }) => count(rowsTakenBack),
            },
          ]}
        />
      )}
    </Section>
  );
}
