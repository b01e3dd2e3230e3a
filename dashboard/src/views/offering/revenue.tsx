import { WhenSeen } from '../../charts/whenSeen.js';
import { ledger } from '../../ledger/client.js';
import { type AtInput, OfferingRevenueDocument } from '../../ledger/generated/offering.js';
import { useNames } from '../../ledger/names.js';
import { SELDOM_MS, useAnswer } from '../../ledger/useAnswer.js';
import { Answered } from '../../parts/answered.js';
import { Section } from '../../parts/card.js';
import { Choice } from '../../parts/choice.js';
import { useParameter } from '../../place/parameters.js';
import { locale, texts } from '../../texts/texts.js';
import type { Money } from './money.js';
import { STEPS, type Step, stepName } from './periods.js';
import { sourceName } from './sourceName.js';
import { namedColumns, seriesOf, sourceColumns } from './sources.js';

const HEIGHT = 320;

/** Revenue over time, by source. */
export function Revenue({
  chainId,
  token,
  at,
  money,
  step,
}: {
  readonly chainId: number;
  readonly token: string;
  readonly at: AtInput | undefined;
  readonly money: Money;
  readonly step: Step;
}) {
  const { offering: t, charts } = texts.value;
  const [, choose] = useParameter('step');
  const filter = { chainId, token, ...(money.asset === null ? {} : { asset: money.asset }) };
  const key = `revenue ${JSON.stringify(filter)} ${step} ${JSON.stringify(at)}`;
  const known = useAnswer(
    key,
    async (signal) => {
      const variables = { filter, interval: step, at };
      const { data, marks } = await ledger.query(OfferingRevenueDocument, variables, signal);
      return { data: sourceColumns(data.receiptTotals ?? []), marks };
    },
    SELDOM_MS,
  );
  const sources = known.data?.sources ?? [];
  const names = useNames(
    chainId,
    sources.flatMap((source) => (source?.address == null ? [] : [source.address])),
  );
  const steps = STEPS.map((value) => ({ value, name: charts.by[value] }));
  return (
    <Section
      title={t.revenue}
      aside={
        <Choice
          label={charts.stepLabel}
          values={steps}
          value={step}
          onChoose={(value) => choose(value.toLowerCase())}
        />
      }
    >
      <Answered known={known} lines={8}>
        {({ sources, columns }) =>
          sources.length === 0 ? (
            <p class="empty">{t.noRevenue}</p>
          ) : (
            <WhenSeen height={HEIGHT}>
              {({ StackedColumns }) => (
                <StackedColumns
                  title={t.revenue}
                  step={charts.steps[step]}
                  columns={namedColumns(columns, (from) => stepName(from, step, locale.value))}
                  series={seriesOf(sources, (source) => sourceName(source, names, t))}
                  unit={money.unit}
                />
              )}
            </WhenSeen>
          )
        }
      </Answered>
    </Section>
  );
}
