import { exactDecimal, shortWorth } from '../format/worth.js';
import type { WorthOfFragment } from '../ledger/generated/start.js';
import { texts } from '../texts/texts.js';
import { Unknown } from './card.js';
import { Exact } from './exact.js';

/**
 * What amounts are worth, as the server values them: by which prices on hover, and what has no price said. Nothing
 * where no value was asked for.
 */
export function Worth({
  sum,
  isComing = false,
}: {
  readonly sum: WorthOfFragment | null | undefined;
  /** It has a place already: nothing jumps when it comes. */
  readonly isComing?: boolean;
}) {
  if (sum == null && !isComing) return null;
  return <span class="note">{sum == null ? '\u00a0' : <WorthText sum={sum} />}</span>;
}

/** The same in a line of its own. */
export function WorthText({ sum }: { readonly sum: WorthOfFragment }) {
  const { amounts: t } = texts.value;
  const { currency, amount, known, missing, missingAmounts, asOf } = sum;
  const why = [...new Set(missing.map(({ reason }) => t.noPrice[reason]))].join(' ');
  const shown = amount ?? known;
  if (shown == null) return <Unknown why={t.withoutPrice(currency, why)} />;
  const basis = asOf == null ? t.byPrices : t.byPricesAt(asOf.block);
  return (
    <>
      <Exact
        exact={`${exactDecimal(shown)} ${currency}. ${basis}`}
        copied={shown}
        className="worth"
      >
        {t.about} {shortWorth(shown)} {currency}
      </Exact>
      {amount == null && (
        <>
          {' '}
          {t.without(missingAmounts)} <Unknown why={t.withoutPrice(currency, why)} />
        </>
      )}
    </>
  );
}
