import { percentText, readableLot, times } from '../../format/ratios.js';
import { worthOf } from '../../format/worth.js';
import { ledger } from '../../ledger/client.js';
import { useCurrencies } from '../../ledger/currencies.js';
import {
  type AtInput,
  OfferingAssetYieldDocument,
  OfferingYieldDocument,
  type YieldFiguresFragment,
} from '../../ledger/generated/offering.js';
import { SELDOM_MS, useAnswer } from '../../ledger/useAnswer.js';
import { Amount } from '../../parts/amount.js';
import { Answered } from '../../parts/answered.js';
import { Figure, Section, Unknown } from '../../parts/card.js';
import { Choice } from '../../parts/choice.js';
import { Time } from '../../parts/time.js';
import { useParameter } from '../../place/parameters.js';
import { Say } from '../../texts/say.js';
import { texts } from '../../texts/texts.js';
import { lotName } from './lots.js';
import type { Money } from './money.js';
import type { OfferingToken } from './offering.js';
import { PERIODS, type Period } from './periods.js';

/** Asked for where the config names no feed: the API then says that no price is known. */
const ANY_CURRENCY = 'USD';

/** What a token earned in a period, what that is in a year, and what burning it pays. */
export function Yields({
  token,
  at,
  money,
  period,
}: {
  readonly token: OfferingToken;
  readonly at: AtInput | undefined;
  readonly money: Money;
  /** `null`: the token is too young. */
  readonly period: Period | null;
}) {
  const { offering: t } = texts.value;
  const [, choose] = useParameter('days');
  const { chainId, address } = token;
  const { asset } = money;
  const { chosen: currency } = useCurrencies();
  const key = `yield ${chainId} ${address} ${asset} ${period} ${currency} ${JSON.stringify(at)}`;
  const known = useAnswer(
    period === null ? null : key,
    async (signal) => {
      const given = {
        chainId,
        token: address,
        at,
        days: period ?? 0,
        currency: currency ?? ANY_CURRENCY,
      };
      const { data, marks } =
        asset === null
          ? await ledger.query(OfferingYieldDocument, given, signal)
          : await ledger.query(OfferingAssetYieldDocument, { ...given, asset }, signal);
      return { data: { figures: data.token?.yield ?? null, currency }, marks };
    },
    SELDOM_MS,
  );
  return (
    <Section
      title={t.yield}
      aside={
        period !== null && (
          <Choice
            label={t.yieldPeriod}
            values={PERIODS.toReversed().map((days) => ({
              value: String(days),
              name: t.days(String(days)),
            }))}
            value={String(period)}
            onChoose={choose}
          />
        )
      }
    >
      {period === null ? (
        <p class="empty">{t.yieldTooYoung}</p>
      ) : known.failure?.code.startsWith('YIELD_') === true ? (
        <p class="empty">
          {known.failure.code === 'YIELD_NO_SNAPSHOT' ? t.yieldNoSnapshot : t.yieldTooLong}
        </p>
      ) : (
        <Answered known={known} lines={4}>
          {({ figures, currency }) =>
            figures === null ? (
              <p class="empty">{t.none}</p>
            ) : (
              <Figures figures={figures} currency={currency} token={token} money={money} />
            )
          }
        </Answered>
      )}
    </Section>
  );
}

function Figures({
  figures,
  currency,
  token,
  money,
}: {
  readonly figures: YieldFiguresFragment;
  readonly currency: string | null;
  readonly token: OfferingToken;
  readonly money: Money;
}) {
  const { offering: t, amounts } = texts.value;
  const { unit } = money;
  const { perToken, annualised, burnValue, againstBurnValue, againstPrice, assetPrice } = figures;
  const lot = readableLot(perToken, unit.decimals ?? 0);
  const worth = (value: bigint) =>
    assetPrice == null || currency === null
      ? undefined
      : `${amounts.about} ${worthOf(value, unit.decimals ?? 0, assetPrice)} ${currency}`;
  const figure = (name: string, value: bigint) => (
    <Figure name={name} note={worth(value)}>
      <Amount value={value} unit={unit} />
    </Figure>
  );
  return (
    <>
      <p class="muted small">
        <Say
          text={figures.snapshots === 1 ? t.yieldCoversOne : t.yieldCovers}
          count={String(figures.snapshots)}
          from={<Time moment={figures.coversFrom} />}
          to={<Time moment={figures.coversTo} />}
        />{' '}
        <Say text={t.yieldAmounts} lot={<bdi>{lotName(lot, token)}</bdi>} />
      </p>
      <dl class="figures">
        {figure(t.yieldPerToken, times(perToken, lot))}
        {figure(t.yieldPerYear, times(annualised, lot))}
        {figure(t.burnValue, times(burnValue, lot))}
        <Figure name={t.againstBurn}>
          {againstBurnValue == null ? (
            <Unknown why={t.nothingToBurn} />
          ) : (
            percentText(againstBurnValue)
          )}
        </Figure>
        <Figure name={t.againstPrice}>
          {againstPrice == null ? <Unknown why={t.noTokenPrice} /> : percentText(againstPrice)}
        </Figure>
      </dl>
      <p class="muted small">{t.yieldNote}</p>
    </>
  );
}
