import type { Span } from '../../charts/timeLine.js';
import { WhenSeen } from '../../charts/whenSeen.js';
import { digitsShown, exactAmount } from '../../format/amounts.js';
import { readableLot, times } from '../../format/ratios.js';
import { Amount, unitName } from '../../parts/amount.js';
import { Section } from '../../parts/card.js';
import { DataTable } from '../../parts/dataTable.js';
import { Time } from '../../parts/time.js';
import type { Unit } from '../../parts/unit.js';
import { locale, texts } from '../../texts/texts.js';
import { lotName } from './lots.js';
import type { Money } from './money.js';
import type { OfferingToken } from './offering.js';

const ROW = 22;
const AROUND = 120;

/** The snapshots on a time line with the time in which each can be claimed. */
export function Snapshots({
  token,
  money,
  now,
}: {
  readonly token: OfferingToken;
  readonly money: Money;
  readonly now: number;
}) {
  const { offering: t, table } = texts.value;
  const { snapshots, unit, hasOlder } = money;
  const next = token.earliestNextSnapshot?.timestamp;
  const day = new Intl.DateTimeFormat(locale.value, { day: 'numeric', month: 'short' });
  return (
    <Section title={t.snapshots}>
      {snapshots.length === 0 ? (
        <p class="empty">{t.noSnapshots}</p>
      ) : (
        <WhenSeen height={snapshots.length * ROW + AROUND}>
          {({ TimeLine }) => (
            <TimeLine
              title={t.snapshots}
              spans={spansOf(money, token.policy.window ?? null)}
              now={now}
              next={next == null ? null : Date.parse(next)}
              nextName={t.nextMark}
              nowName={t.nowMark}
              dateOf={(moment) => day.format(moment)}
              legend={<Legend />}
              table={<SnapshotTable token={token} money={money} />}
            />
          )}
        </WhenSeen>
      )}
      {hasOlder && <p class="muted small">{t.moreSnapshots}</p>}
      {snapshots[0]?.perWholeToken != null && (
        <p class="muted small">
          {t.newestPaid} <PerLot ratio={snapshots[0].perWholeToken} unit={unit} token={token} /> (
          {table.snapshot} {snapshots[0].snapshotId})
        </p>
      )}
    </Section>
  );
}

/** An amount for a whole token, or for so many that there is something to read. */
export function PerLot({
  ratio,
  unit,
  token,
}: {
  readonly ratio: { readonly numerator: string; readonly denominator: string };
  readonly unit: Unit;
  readonly token: OfferingToken;
}) {
  const lot = readableLot(ratio, unit.decimals ?? 0);
  return (
    <>
      <Amount value={times(ratio, lot)} unit={unit} />{' '}
      <span class="muted small">{lotName(lot, token)}</span>
    </>
  );
}

function Legend() {
  const { offering: t } = texts.value;
  return (
    <ul class="legend">
      <li>
        <span class="swatch done" aria-hidden="true" /> {t.states.CLAIMED}
      </li>
      <li>
        <span class="swatch open" aria-hidden="true" /> {t.states.OPEN}
      </li>
      <li>
        <span class="swatch over" aria-hidden="true" /> {t.states.EXPIRED}
      </li>
    </ul>
  );
}

/** When each snapshot can be claimed: until as many more were taken as the window has. */
function spansOf({ snapshots, unit }: Money, window: number | null): Span[] {
  const { offering: t, table } = texts.value;
  const takenAt = new Map(
    snapshots.map(({ snapshotId, timestamp }) => [snapshotId, Date.parse(timestamp)]),
  );
  const text = (value: bigint) => `${exactAmount(value, unit.decimals ?? 0)} ${unitName(unit)}`;
  return snapshots.map(
    ({ snapshotId, timestamp, claimableWei, claimedWei, unclaimedWei, state }) => ({
      id: String(snapshotId),
      name: `${table.snapshot} ${snapshotId}`,
      from: Date.parse(timestamp),
      to:
        state === 'OPEN' || window === null
          ? null
          : (takenAt.get(snapshotId + window) ?? Date.parse(timestamp)),
      done: claimedWei,
      whole: claimableWei,
      lines: [
        `${table.shared}: ${text(claimableWei)}`,
        `${table.claimed}: ${text(claimedWei)}`,
        `${state === 'OPEN' ? t.states.OPEN : t.states.EXPIRED}: ${text(unclaimedWei)}`,
      ],
    }),
  );
}

function SnapshotTable({
  token,
  money: { snapshots, unit },
}: {
  readonly token: OfferingToken;
  readonly money: Money;
}) {
  const { offering: t, table } = texts.value;
  const digitsOf = (values: readonly bigint[]) => digitsShown(values, unit.decimals ?? 0);
  const shared = digitsOf(snapshots.map(({ claimableWei }) => claimableWei));
  const claimed = digitsOf(snapshots.map(({ claimedWei }) => claimedWei));
  const newest = snapshots.find(({ perWholeToken }) => perWholeToken != null)?.perWholeToken;
  const lot = newest == null ? 1n : readableLot(newest, unit.decimals ?? 0);
  return (
    <DataTable
      label={t.snapshots}
      narrow="rows"
      rows={snapshots}
      keyOf={({ snapshotId }) => snapshotId}
      columns={[
        { title: table.snapshot, cell: ({ snapshotId }) => snapshotId },
        { title: table.time, cell: ({ timestamp }) => <Time moment={timestamp} /> },
        {
          title: table.shared,
          isNumber: true,
          cell: ({ claimableWei }) => <Amount value={claimableWei} unit={unit} digits={shared} />,
        },
        {
          title: table.claimed,
          isNumber: true,
          cell: ({ claimedWei }) => <Amount value={claimedWei} unit={unit} digits={claimed} />,
        },
        {
          title: lotName(lot, token),
          isNumber: true,
          cell: ({ perWholeToken }) =>
            perWholeToken == null ? '—' : <Amount value={times(perWholeToken, lot)} unit={unit} />,
        },
        { title: table.state, cell: ({ state }) => t.states[state] },
      ]}
    />
  );
}
