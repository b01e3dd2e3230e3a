import { Amount } from '../../parts/amount.js';
import { Figure, Section } from '../../parts/card.js';
import { Worth } from '../../parts/worth.js';
import { texts } from '../../texts/texts.js';
import { tokenTitle } from '../tokenName.js';
import type { PersonWorth } from './fiat.js';
import { Files } from './files.js';
import { type OwedAsset, type OwedToken, unitOf } from './owed.js';

/** What is not claimable but a person's: accruing, on burning, and what was paid to date. */
export function HolderFacts({
  tokens,
  addresses,
  currency,
  worth,
  isComing,
  symbolOf,
}: {
  readonly tokens: readonly OwedToken[];
  readonly addresses: readonly string[];
  readonly currency: string | null;
  readonly worth: PersonWorth | null;
  /** The worth is asked for. */
  readonly isComing: boolean;
  readonly symbolOf: (chainId: number) => string;
}) {
  const { holder: t } = texts.value;
  const listed = (amountOf: (asset: OwedAsset) => bigint) => (
    <ul class="by-token">
      {tokens.every(({ assets }) => assets.every((asset) => amountOf(asset) === 0n)) && <li>0</li>}
      {tokens.flatMap(({ token, assets }) =>
        assets
          .filter((asset) => amountOf(asset) > 0n)
          .map((asset) => (
            <li key={`${token.chainId} ${token.address} ${asset.address}`}>
              <span class="muted">
                <bdi>{token.symbol ?? tokenTitle(token)}</bdi>
              </span>
              <Amount value={amountOf(asset)} unit={unitOf(asset, symbolOf(token.chainId))} />
            </li>
          )),
      )}
    </ul>
  );
  return (
    <>
      <Section title={t.accruing}>
        <p class="muted">{t.accruingNote}</p>
        {listed(({ accruing }) => accruing)}
        <Worth sum={worth?.accruingWei} isComing={isComing} />
      </Section>
      <Section title={t.burning}>
        <p class="muted">{t.burningNote}</p>
        {listed(({ redeemable }) => redeemable)}
        <Worth sum={worth?.redeemableWei} isComing={isComing} />
      </Section>
      <Section title={t.toDate}>
        <dl class="figures narrow">
          <Figure name={t.claimed} note={<Worth sum={worth?.claimedWei} isComing={isComing} />}>
            {listed(({ claimed }) => claimed)}
          </Figure>
          <Figure name={t.redeemed} note={<Worth sum={worth?.redeemedWei} isComing={isComing} />}>
            {listed(({ redeemed }) => redeemed)}
          </Figure>
          <Figure name={t.expired}>{listed(({ expired }) => expired)}</Figure>
        </dl>
      </Section>
      <Files addresses={addresses} currency={currency} />
    </>
  );
}
