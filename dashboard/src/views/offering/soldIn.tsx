import { count, percentOf } from '../../format/amounts.js';
import { Amount } from '../../parts/amount.js';
import { Figure, Section, Unknown } from '../../parts/card.js';
import { links } from '../../place/links.js';
import { texts } from '../../texts/texts.js';
import { saleUnit } from '../markets/saleUnit.js';
import { cut } from '../tokenName.js';
import type { OfferingAnswer, OfferingToken } from './offering.js';
import { PerLot } from './snapshots.js';

type Sale = NonNullable<OfferingAnswer['sales']>['nodes'][number];

/** The sales of a token: what was raised, of what target, and at which price. */
export function SoldIn({
  sales,
  token,
}: {
  readonly sales: readonly Sale[];
  readonly token: OfferingToken;
}) {
  const { offering: t } = texts.value;
  if (sales.length === 0) return null;
  return (
    <Section title={t.sales}>
      <ul class="parts-list">
        {sales.map((sale) => (
          <li key={sale.id}>
            <OneSale sale={sale} token={token} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function OneSale({ sale, token }: { readonly sale: Sale; readonly token: OfferingToken }) {
  const { markets: t } = texts.value;
  const unit = saleUnit(sale);
  const { price, target } = sale;
  return (
    <>
      <h3>
        <a href={links.sale(sale.chainId, sale.address)}>
          <bdi>{sale.label == null ? t.kinds[sale.kind] : cut(sale.label)}</bdi>
        </a>{' '}
        <span class="tag">{t.states[sale.state]}</span>
      </h3>
      <dl class="figures">
        <Figure name={t.price}>
          {price == null || price.tokenAmount === 0n ? (
            <Unknown why={t.noPrice} />
          ) : (
            <PerLot
              ratio={{
                numerator: String(price.raiseAmount * 10n ** BigInt(token.decimals ?? 0)),
                denominator: String(price.tokenAmount),
              }}
              unit={unit}
              token={token}
            />
          )}
        </Figure>
        <Figure name={t.raised}>
          <Amount value={sale.raised - sale.refunded} unit={unit} />
        </Figure>
        <Figure name={t.subscribed}>
          {target == null ? <Unknown why={t.noTarget} /> : (percentOf(sale.raised, target) ?? '')}
        </Figure>
        <Figure name={t.participants}>{count(sale.participantCount)}</Figure>
      </dl>
    </>
  );
}
