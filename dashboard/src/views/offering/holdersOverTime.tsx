import { WhenSeen } from '../../charts/whenSeen.js';
import { ledger } from '../../ledger/client.js';
import { type AtInput, HoldersOverTimeDocument } from '../../ledger/generated/offering.js';
import { SELDOM_MS, useAnswer } from '../../ledger/useAnswer.js';
import { Answered } from '../../parts/answered.js';
import { locale, texts } from '../../texts/texts.js';
import { type Step, stepName } from './periods.js';

const HEIGHT = 280;

/** How many accounts hold the token, with and without contracts. */
export function HoldersOverTime({
  chainId,
  token,
  at,
  step,
}: {
  readonly chainId: number;
  readonly token: string;
  readonly at: AtInput | undefined;
  readonly step: Step;
}) {
  const { offering: t, charts } = texts.value;
  const known = useAnswer(
    `holder counts ${chainId} ${token} ${step} ${JSON.stringify(at)}`,
    (signal) =>
      ledger.query(HoldersOverTimeDocument, { chainId, token, at, interval: step }, signal),
    SELDOM_MS,
  );
  return (
    <Answered known={known} lines={6}>
      {({ tokenSeries }) => {
        const steps = tokenSeries ?? [];
        if (steps.length === 0) return null;
        const withoutContracts = steps.map(
          ({ holdersWithoutContracts }) => holdersWithoutContracts,
        );
        const isKnown = withoutContracts.every((number) => number != null);
        return (
          <WhenSeen height={HEIGHT}>
            {({ LineChart }) => (
              <LineChart
                title={t.holdersOverTime}
                step={charts.steps[step]}
                steps={steps.map(({ from }) => stepName(from, step, locale.value))}
                unit={t.accounts}
                lines={[
                  {
                    name: t.allHolders,
                    mark: 0,
                    values: steps.map(({ holders }) => BigInt(holders)),
                  },
                  ...(isKnown
                    ? [
                        {
                          name: t.withoutContracts,
                          mark: 1,
                          values: withoutContracts.map((number) => BigInt(number ?? 0)),
                        },
                      ]
                    : []),
                ]}
              />
            )}
          </WhenSeen>
        );
      }}
    </Answered>
  );
}
