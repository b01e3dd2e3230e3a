import { digitsShown } from '../../format/amounts.js';
import { Amount } from '../../parts/amount.js';
import { Section } from '../../parts/card.js';
import { DataTable } from '../../parts/dataTable.js';
import { Time } from '../../parts/time.js';
import type { Unit } from '../../parts/unit.js';
import { texts } from '../../texts/texts.js';
import type { OfferingToken } from './offering.js';

/** The snapshots, the newest first. */
export function Snapshots({ token, unit }: { readonly token: OfferingToken; readonly unit: Unit }) {
  const { offering: t, table } = texts.value;
  const { nodes, pageInfo } = token.snapshots;
  const digitsOf = (values: readonly bigint[]) => digitsShown(values, unit.decimals ?? 0);
  const shared = digitsOf(nodes.map(({ claimableWei }) => claimableWei));
  const claimed = digitsOf(nodes.map(({ claimedWei }) => claimedWei));
  return (
    <Section title={t.snapshots}>
      {nodes.length === 0 ? (
        <p class="empty">{t.noSnapshots}</p>
      ) : (
        <DataTable
          label={t.snapshots}
          rows={nodes}
          keyOf={({ snapshotId }) => snapshotId}
          note={pageInfo.hasNextPage ? t.moreSnapshots : undefined}
          columns={[
            { title: table.snapshot, cell: ({ snapshotId }) => snapshotId },
            { title: table.time, cell: ({ timestamp }) => <Time moment={timestamp} /> },
            {
              title: table.shared,
              isNumber: true,
              cell: ({ claimableWei }) => (
                <Amount value={claimableWei} unit={unit} digits={shared} />
              ),
            },
            {
              title: table.claimed,
              isNumber: true,
              cell: ({ claimedWei }) => <Amount value={claimedWei} unit={unit} digits={claimed} />,
            },
            { title: table.state, cell: ({ state }) => t.states[state] },
          ]}
        />
      )}
    </Section>
  );
}
