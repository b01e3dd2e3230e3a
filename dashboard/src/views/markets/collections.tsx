import { count } from '../../format/amounts.js';
import { ledger } from '../../ledger/client.js';
import { CollectionsDocument } from '../../ledger/generated/markets.js';
import { SELDOM_MS, useAnswer } from '../../ledger/useAnswer.js';
import { Amount } from '../../parts/amount.js';
import { links } from '../../place/links.js';
import { atOfPage } from '../../place/moment.js';
import { texts } from '../../texts/texts.js';
import { coinOf, ListView, Named, usePages } from './list.js';

/** The collections of AI content: how much was minted, and what reached revenue tokens. */
export function CollectionsView() {
  const { markets: t } = texts.value;
  const at = atOfPage();
  const { page, ...pages } = usePages();
  const known = useAnswer(
    `collections ${JSON.stringify([at, page])}`,
    async (signal) => {
      const { data, marks } = await ledger.query(CollectionsDocument, { at, ...page }, signal);
      return { data: data.collections, marks };
    },
    SELDOM_MS,
  );
  return (
    <ListView
      title={t.collections}
      lead={t.collectionsLead}
      known={known}
      {...pages}
      columns={[
        {
          title: t.collection,
          cell: ({ chainId, address, label, name }) => (
            <Named
              href={links.collection(chainId, address)}
              address={address}
              name={label ?? name}
            />
          ),
        },
        { title: t.standard, cell: ({ isErc7007 }) => (isErc7007 ? 'ERC-7007' : t.otherStandard) },
        { title: t.supply, isNumber: true, cell: ({ supply }) => count(supply) },
        { title: t.minted, isNumber: true, cell: ({ minted }) => count(minted) },
        {
          title: t.paid,
          isNumber: true,
          cell: ({ chainId, paidWei }) => <Amount value={paidWei} unit={coinOf(chainId)} />,
        },
        {
          title: t.revenue,
          isNumber: true,
          cell: ({ chainId, revenueWei }) => <Amount value={revenueWei} unit={coinOf(chainId)} />,
        },
      ]}
    />
  );
}
