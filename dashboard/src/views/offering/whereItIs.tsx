import { WhenSeen } from '../../charts/whenSeen.js';
import { digitsShown, percentOf } from '../../format/amounts.js';
import { Amount } from '../../parts/amount.js';
import { Section } from '../../parts/card.js';
import { DataTable } from '../../parts/dataTable.js';
import { Say } from '../../texts/say.js';
import { texts } from '../../texts/texts.js';
import { flowOfMoney } from './flowOfMoney.js';
import type { Money } from './money.js';
import type { OfferingAnswer } from './offering.js';

const HEIGHT = 400;

/** Where all that was received is now: the parts add up to the whole. */
export function WhereItIs({
  answer,
  money,
  window,
}: {
  readonly answer: OfferingAnswer;
  readonly money: Money;
  readonly window: number | null;
}) {
  const { offering: t, table } = texts.value;
  // The totals of the answer are in the coin: of an ERC-20 the page knows the whole only.
  const bySource = money.asset === null ? sourcesOf(answer) : [];
  const upstream = upstreamOf(answer, money.asset);
  const { places, links, broken } = flowOfMoney(money, bySource, upstream, window, t);
  const { unit } = money;
  const digits = digitsShown(
    places.map(({ value }) => value),
    unit.decimals ?? 0,
  );
  const rows = places.filter(({ column, value }) => column !== 2 && (column > 0 || value > 0n));
  const again = money.snapshots.reduce((sum, { rolledOverWei }) => sum + rolledOverWei, 0n);
  return (
    <Section title={t.where}>
      {broken.length > 0 && <p class="notice danger">{t.notAllThere}</p>}
      {money.received === 0n && upstream === 0n ? (
        <p class="empty">{t.noRevenue}</p>
      ) : (
        <WhenSeen height={HEIGHT}>
          {({ Flow }) => (
            <Flow
              title={t.where}
              places={places}
              links={links}
              unit={unit}
              table={
                <DataTable
                  label={t.where}
                  rows={rows}
                  keyOf={({ id }) => id}
                  columns={[
                    { title: t.place, cell: ({ name }) => name },
                    {
                      title: table.amount,
                      isNumber: true,
                      cell: ({ value }) => <Amount value={value} unit={unit} digits={digits} />,
                    },
                    {
                      title: t.ofReceived,
                      isNumber: true,
                      cell: ({ value, isOutside = false }) =>
                        isOutside ? '' : (percentOf(value, money.received) ?? ''),
                    },
                  ]}
                />
              }
            />
          )}
        </WhenSeen>
      )}
      {upstream > 0n && (
        <p class="muted small">
          <Say text={t.upstreamNote} amount={<Amount value={upstream} unit={unit} />} />
        </p>
      )}
      {again > 0n && (
        <p class="muted small">
          <Say text={t.againNote} amount={<Amount value={again} unit={unit} />} />
        </p>
      )}
    </Section>
  );
}

function sourcesOf({ bySource }: OfferingAnswer) {
  return (bySource ?? []).flatMap(({ source, amountWei }) =>
    source == null || amountWei.sum === 0n ? [] : [{ source, value: amountWei.sum }],
  );
}

/** What the models of a token have earned it in one asset, and their oracle has not paid out. */
function upstreamOf({ models }: OfferingAnswer, asset: string | null): bigint {
  return (models?.nodes ?? [])
    .filter(({ paymentToken }) => (paymentToken ?? null) === asset)
    .reduce((sum, { accrued }) => sum + accrued, 0n);
}
