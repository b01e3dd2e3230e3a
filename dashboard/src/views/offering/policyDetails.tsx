import { count } from '../../format/amounts.js';
import { DataTable } from '../../parts/dataTable.js';
import { Time } from '../../parts/time.js';
import { texts } from '../../texts/texts.js';
import { cutSymbol } from '../tokenName.js';
import type { OfferingToken } from './offering.js';
import { policyParts, policySentences } from './policyText.js';

/** The policy in a few sentences; its parts, and how its terms changed, for those who open them. */
export function PolicyDetails({
  token,
  coin,
}: {
  readonly token: OfferingToken;
  readonly coin: string;
}) {
  const { policy: t } = texts.value;
  const { policy, termsHistory } = token;
  const asset = cutSymbol(token.assets[0]?.symbol);
  return (
    <>
      <p class="lead">{policySentences(policy, t, { coin, asset }).join(' ')}</p>
      <details class="more">
        <summary>{t.details}</summary>
        <dl class="pairs">
          {policyParts(policy, t).map(({ name, value }) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        {termsHistory.length > 1 && (
          <DataTable
            label={t.history}
            narrow="rows"
            rows={termsHistory}
            keyOf={({ fromBlock }) => fromBlock}
            columns={[
              {
                title: t.since,
                cell: ({ fromBlock, timestamp }) =>
                  timestamp == null ? count(fromBlock) : <Time moment={timestamp} />,
              },
              {
                title: t.names.percent,
                isNumber: true,
                cell: ({ percentClaimable }) => `${percentClaimable} %`,
              },
              {
                title: t.names.window,
                isNumber: true,
                cell: ({ window }) => (window == null ? t.noWindow : count(window)),
              },
              {
                title: t.names.interval,
                isNumber: true,
                cell: ({ interval, intervalUnit }) =>
                  interval == null || intervalUnit == null
                    ? '—'
                    : `${count(interval)} ${t.units[intervalUnit]}`,
              },
            ]}
          />
        )}
      </details>
    </>
  );
}
