import { digitsShown } from '../../format/amounts.js';
import { Amount } from '../../parts/amount.js';
import { Section } from '../../parts/card.js';
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
        <section class="scroll" aria-label={t.snapshots}>
          <table>
            <thead>
              <tr>
                <th scope="col">{table.snapshot}</th>
                <th scope="col">{table.time}</th>
                <th scope="col" class="number">
                  {table.shared}
                </th>
                <th scope="col" class="number">
                  {table.claimed}
                </th>
                <th scope="col">{table.state}</th>
              </tr>
            </thead>
            <tbody>
              {nodes.map((snapshot) => (
                <tr key={snapshot.snapshotId}>
                  <td>{snapshot.snapshotId}</td>
                  <td>
                    <Time moment={snapshot.timestamp} />
                  </td>
                  <td class="number">
                    <Amount value={snapshot.claimableWei} unit={unit} digits={shared} />
                  </td>
                  <td class="number">
                    <Amount value={snapshot.claimedWei} unit={unit} digits={claimed} />
                  </td>
                  <td>{t.states[snapshot.state]}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {pageInfo.hasNextPage && <p class="muted small">{t.moreSnapshots}</p>}
        </section>
      )}
    </Section>
  );
}
