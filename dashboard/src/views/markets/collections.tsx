import { count } from '../../format/amounts.js';
import { ledger } from '../../ledger/client.js';
import { CollectionsDocument } from '../../ledger/generated/documents.js';
import { useAnswer } from '../../ledger/useAnswer.js';
import { Address } from '../../parts/address.js';
import { Amount } from '../../parts/amount.js';
import { atOfPage } from '../../place/moment.js';
import { texts } from '../../texts/texts.js';
import { cut } from '../tokenName.js';
import { coinOf, ListView } from './list.js';

/** The collections of AI content: how much was minted, and what reached revenue tokens. */
export function CollectionsView() {
  const { markets: t } = texts.value;
  const at = atOfPage();
  const known = useAnswer(`collections ${JSON.stringify(at)}`, async (signal) => {
    const { data, marks } = await ledger.query(CollectionsDocument, { at }, signal);
    return { data: data.collections, marks };
  });
  return (
    <ListView
      title={t.collections}
      lead={t.collectionsLead}
      known={known}
      columns={[
        {
          title: t.collection,
          cell: ({ address, label, name }) => {
            const shown = label ?? name ?? null;
            return <Address hex={address} label={shown === null ? null : cut(shown)} />;
          },
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
