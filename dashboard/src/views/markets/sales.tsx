import { count, percentOf } from '../../format/amounts.js';
import { ledger } from '../../ledger/client.js';
import { SalesDocument, type SalesQuery } from '../../ledger/generated/markets.js';
import { SELDOM_MS, useAnswer } from '../../ledger/useAnswer.js';
import { Amount } from '../../parts/amount.js';
import { Unknown } from '../../parts/card.js';
import { Time } from '../../parts/time.js';
import { links } from '../../place/links.js';
import { atOfPage } from '../../place/moment.js';
import { texts } from '../../texts/texts.js';
import { tokenTitle } from '../tokenName.js';
import { ListView, Named, usePages } from './list.js';
import { saleUnit } from './saleUnit.js';

type Sale = NonNullable<SalesQuery['sales']>['nodes'][number];

/** The sales: what was raised of what, by whom, and until when. */
export function SalesView() {
  const { markets: t } = texts.value;
  const at = atOfPage();
  const { page, ...pages } = usePages();
  const known = useAnswer(
    `sales ${JSON.stringify([at, page])}`,
    async (signal) => {
      const { data, marks } = await ledger.query(SalesDocument, { at, ...page }, signal);
      return { data: data.sales, marks };
    },
    SELDOM_MS,
  );
  return (
    <ListView
      title={t.sales}
      lead={t.salesLead}
      known={known}
      {...pages}
      columns={[
        {
          title: t.sale,
          cell: ({ chainId, address, label }) => (
            <Named href={links.sale(chainId, address)} address={address} name={label} />
          ),
        },
        { title: t.kind, cell: ({ kind }) => t.kinds[kind] },
        { title: t.token, cell: (sale) => <SoldToken sale={sale} /> },
        { title: t.state, cell: ({ state }) => t.states[state] },
        {
          title: t.raised,
          isNumber: true,
          cell: (sale) => <Amount value={sale.raised - sale.refunded} unit={saleUnit(sale)} />,
        },
        {
          title: t.subscribed,
          isNumber: true,
          cell: ({ raised, target }) =>
            target == null ? <Unknown why={t.noTarget} /> : percentOf(raised, target),
        },
        {
          title: t.participants,
          isNumber: true,
          cell: ({ participantCount }) => count(participantCount),
        },
        {
          title: t.ends,
          cell: ({ endsAtSeconds }) =>
            endsAtSeconds == null ? (
              <Unknown why={t.noEnd} />
            ) : (
              <Time moment={new Date(Number(endsAtSeconds) * 1_000)} />
            ),
        },
      ]}
    />
  );
}

function SoldToken({ sale: { chainId, token, tokenAddress } }: { readonly sale: Sale }) {
  return (
    <a href={links.offering(chainId, tokenAddress)}>
      <bdi>{token?.symbol ?? tokenTitle(token ?? { address: tokenAddress })}</bdi>
    </a>
  );
}
