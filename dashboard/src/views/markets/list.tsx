import type { ComponentChildren } from 'preact';
import { chains } from '../../ledger/heads.js';
import type { Known } from '../../ledger/useAnswer.js';
import { Answered } from '../../parts/answered.js';
import { texts } from '../../texts/texts.js';

/** What a page of a list shows of it. */
interface Listed<Row> {
  readonly nodes: readonly Row[];
  readonly pageInfo: { readonly hasNextPage: boolean };
}

/** A column of a list: its heading, and what a row has in it. */
export interface ListColumn<Row> {
  readonly title: string;
  readonly isNumber?: boolean;
  readonly cell: (row: Row) => ComponentChildren;
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
  readonly columns: readonly ListColumn<Row>[];
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
          (list?.nodes.length ?? 0) === 0 ? (
            <p class="empty">{t.none}</p>
          ) : (
            <section class="scroll card" aria-label={title}>
              <table>
                <thead>
                  <tr>
                    {columns.map((column) => (
                      <th key={column.title} scope="col" class={column.isNumber ? 'number' : ''}>
                        {column.title}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {list?.nodes.map((row) => (
                    <tr key={row.id}>
                      {columns.map((column) => (
                        <td key={column.title} class={column.isNumber ? 'number' : ''}>
                          {column.cell(row)}
                        </td>
                      ))}
                    </tr>
                  ))}
                </tbody>
              </table>
              {list?.pageInfo.hasNextPage === true && <p class="muted small">{t.more}</p>}
            </section>
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
