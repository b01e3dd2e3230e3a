import { digitsShown, percentOf } from '../../format/amounts.js';
import { Amount } from '../../parts/amount.js';
import { Section } from '../../parts/card.js';
import { columnHeights } from '../../parts/columns.js';
import type { Unit } from '../../parts/unit.js';
import { texts } from '../../texts/texts.js';
import type { OfferingToken } from './offering.js';

const PLACES = ['newRevenue', 'claimable', 'redeemable', 'claimed', 'redeemed'] as const;
type Place = (typeof PLACES)[number];

/** Where all that was received is now, in each asset: the parts add up to the whole. */
export function WhereItIs({
  token,
  nativeSymbol,
}: {
  readonly token: OfferingToken;
  readonly nativeSymbol: string;
}) {
  const { offering: t } = texts.value;
  return (
    <Section title={t.where}>
      <Parts
        received={token.receivedWei}
        parts={{
          newRevenue: waiting(token.pools),
          claimable: token.pools.claimableWei,
          redeemable: token.pools.redeemableWei,
          claimed: token.claimedWei,
          redeemed: token.redeemedWei,
        }}
        unit={{ symbol: nativeSymbol, decimals: 18 }}
      />
      {token.assets.map((asset) => (
        <Parts
          key={asset.address}
          received={asset.received}
          parts={{
            newRevenue: waiting(asset.pools),
            claimable: asset.pools.claimableWei,
            redeemable: asset.pools.redeemableWei,
            claimed: asset.claimed,
            redeemed: asset.redeemed,
          }}
          unit={{ symbol: asset.symbol ?? null, decimals: asset.decimals ?? null }}
        />
      ))}
    </Section>
  );
}

/** New revenue that is still there: burners were paid their part of it. */
function waiting({
  newRevenueWei,
  redeemedFromNewWei,
}: {
  readonly newRevenueWei: bigint;
  readonly redeemedFromNewWei: bigint;
}): bigint {
  return newRevenueWei - redeemedFromNewWei;
}

function Parts({
  received,
  parts,
  unit,
}: {
  readonly received: bigint;
  readonly parts: Readonly<Record<Place, bigint>>;
  readonly unit: Unit;
}) {
  const { offering: t } = texts.value;
  const sum = PLACES.reduce((total, place) => total + parts[place], 0n);
  const digits = digitsShown(
    [...PLACES.map((place) => parts[place]), received],
    unit.decimals ?? 0,
  );
  const widths = columnHeights(
    PLACES.map((place) => parts[place]),
    sum,
  );
  return (
    <>
      <div class="parts-bar" aria-hidden="true">
        {PLACES.map((place, index) => (
          <span key={place} class={`part-${index}`} style={{ flexGrow: widths[index] ?? 0 }} />
        ))}
      </div>
      <table class="parts">
        <tbody>
          {PLACES.map((place, index) => (
            <tr key={place}>
              <th scope="row">
                <span class={`swatch part-${index}`} aria-hidden="true" /> {t.places[place]}
              </th>
              <td class="number">
                <Amount value={parts[place]} unit={unit} digits={digits} />
              </td>
              <td class="number muted">{percentOf(parts[place], received) ?? ''}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{t.received}</th>
            <td class="number">
              <Amount value={received} unit={unit} digits={digits} />
            </td>
            <td />
          </tr>
        </tfoot>
      </table>
      {sum !== received && <p class="notice danger">{t.notAllThere}</p>}
    </>
  );
}
