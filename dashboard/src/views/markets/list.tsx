import { shortHex } from '../../format/addresses.js';
import { chains } from '../../ledger/heads.js';
import type { Known } from '../../ledger/useAnswer.js';
import { Answered } from '../../parts/answered.js';
import { type Column, DataTable } from '../../parts/dataTable.js';
import { useParameter } from '../../place/parameters.js';
import { texts } from '../../texts/texts.js';
import { cut } from '../tokenName.js';

/** What a page of a list shows of it. */
interface Listed<Row> {
  readonly nodes: readonly Row[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor?: string | null };
}

/** Which page of a list is shown, by the URL: pages are turned forwards, and the browser turns them back. */
export function usePages() {
  const [after, turn] = useParameter('after', true);
  return { page: after === null ? {} : { after }, turn };
}

/** A view that is one list. */
export function ListView<Row extends { readonly id: string }>({
  title,
  lead,
  known,
  columns,
  turn,
}: {
  readonly title: string;
  readonly lead: string;
  readonly known: Known<Listed<Row> | null | undefined>;
  readonly columns: readonly Column<Row>[];
  readonly turn: (after: string | null) => void;
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
                narrow="rows"
              />
              {list.pageInfo.hasNextPage && (
                <p class="pager">
                  <button
                    type="button"
                    class="button"
                    onClick={() => turn(list.pageInfo.endCursor ?? null)}
                  >
                    {texts.value.offering.following}
                  </button>
                </p>
              )}
            </div>
          )
        }
      </Answered>
    </article>
  );
}

/** The way to one of a list, by its name, else by its address. */
export function Named({
  href,
  address,
  name,
}: {
  readonly href: string;
  readonly address: string;
  readonly name?: string | null | undefined;
}) {
  return (
    <a class={name == null ? 'hex' : 'label'} href={href} title={address}>
      {name == null ? shortHex(address) : <bdi>{cut(name)}</bdi>}
    </a>
  );
}

/** How the own coin of a chain is shown. */
export function coinOf(chainId: number) {
  const chain = chains.value?.find((one) => one.chainId === chainId);
  return { symbol: chain?.nativeSymbol ?? 'ETH', decimals: 18 };
}
