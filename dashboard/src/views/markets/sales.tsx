import { count, percentOf } from '../../format/amounts.js';
import { ledger } from '../../ledger/client.js';
import { SalesDocument, type SalesQuery } from '../../ledger/generated/documents.js';
import { useAnswer } from '../../ledger/useAnswer.js';
import { Address } from '../../parts/address.js';
import { Amount } from '../../parts/amount.js';
import { Unknown } from '../../parts/card.js';
import { Time } from '../../parts/time.js';
import type { Unit } from '../../parts/unit.js';
import { links } from '../../place/links.js';
import { atOfPage } from '../../place/moment.js';
import { texts } from '../../texts/texts.js';
import { cut, tokenTitle } from '../tokenName.js';
import { coinOf, ListView } from './list.js';

type Sale = NonNullable<SalesQuery['sales']>['nodes'][number];

/** The sales: what was raised of what, by whom, and until when. */
export function SalesView() {
  const { markets: t } = texts.value;
  const at = atOfPage();
  const known = useAnswer(`sales ${JSON.stringify(at)}`, async (signal) => {
    const { data, marks } = await ledger.query(SalesDocument, { at }, signal);
    return { data: data.sales, marks };
  });
  return (
    <ListView
      title={t.sales}
      lead={t.salesLead}
      known={known}
      columns={[
        {
          title: t.sale,
          cell: (sale) => (
            <Address hex={sale.address} label={sale.label == null ? null : cut(sale.label)} />
          ),
        },
        { title: t.kind, cell: ({ kind }) => t.kinds[kind] },
        { title: t.token, cell: (sale) => <SoldToken sale={sale} /> },
        { title: t.state, cell: ({ state }) => t.states[state] },
        {
          title: t.raised,
          isNumber: true,
          cell: (sale) => <Amount value={sale.raised - sale.refunded} unit={unitOf(sale)} />,
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

function unitOf({ chainId, raise }: Sale): Unit {
  if (raise.address == null) return coinOf(chainId);
  return { symbol: raise.symbol ?? null, decimals: raise.decimals ?? null };
}
