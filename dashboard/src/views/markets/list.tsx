import { chains } from '../../ledger/heads.js';
import type { Known } from '../../ledger/useAnswer.js';
import { Answered } from '../../parts/answered.js';
import { type Column, DataTable } from '../../parts/dataTable.js';
import { texts } from '../../texts/texts.js';

/** What a page of a list shows of it. */
interface Listed<Row> {
  readonly nodes: readonly Row[];
  readonly pageInfo: { readonly hasNextPage: boolean };
}

/** A view that is one list. */
export function ListView<Row extends { readonly id: string }>({
  title,
  lead,
  known,
  columns,
}: {
  readonly title: string;
  readonly lead: string;
  readonly known: Known<Listed<Row> | null | undefined>;
  readonly columns: readonly Column<Row>[];
}) {
  const { markets: t } = texts.value;
  return (
    <article class="view">
      <header class="view-head">
        <h1>{title}</h1>
        <p class="lead">{lead}</p>
      </header>
      <Answered known={known} lines={8}>
        {(list) =>
          list == null || list.nodes.length === 0 ? (
            <p class="empty">{t.none}</p>
          ) : (
            <div class="card">
              <DataTable
                label={title}
                columns={columns}
                rows={list.nodes}
                keyOf={({ id }) => id}
                note={list.pageInfo.hasNextPage ? t.more : undefined}
              />
            </div>
          )
        }
      </Answered>
    </article>
  );
}

/** How the own coin of a chain is shown. */
export function coinOf(chainId: number) {
  const chain = chains.value?.find((one) => one.chainId === chainId);
  return { symbol: chain?.nativeSymbol ?? 'ETH', decimals: 18 };
}
