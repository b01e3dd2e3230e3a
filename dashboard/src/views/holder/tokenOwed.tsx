import { useState } from 'preact/hooks';
import { Amount, unitName } from '../../parts/amount.js';
import { Section } from '../../parts/card.js';
import { Doubts } from '../../parts/doubts.js';
import { links } from '../../place/links.js';
import { Say } from '../../texts/say.js';
import { texts } from '../../texts/texts.js';
import { Action, type WalletLink } from '../../wallet/action.js';
import { wordOf } from '../offering/policyText.js';
import { tokenTitle } from '../tokenName.js';
import { When } from './bigNumber.js';
import { Burn } from './burn.js';
import { wishOf } from './claimAll.js';
import {
  expiryOf,
  keyOf,
  type OwedAsset,
  type OwedSnapshot,
  type OwedToken,
  type PlanStep,
  unitOf,
} from './owed.js';
import { TakeSnapshot } from './takeSnapshot.js';

type Steps = readonly PlanStep[];

/** So many snapshots are shown at first. */
const SHOWN_AT_FIRST = 8;

/** One token of a person: snapshot by snapshot what can be claimed, and until when. */
export function TokenOwed({
  owed,
  steps,
  isNow,
  nativeSymbol,
}: {
  readonly owed: OwedToken;
  readonly steps: Steps;
  /** Nothing can be sent from the past. */
  readonly isNow: boolean;
  readonly nativeSymbol: string;
}) {
  const { holder: t } = texts.value;
  const { token, assets, balance, accounts } = owed;
  const tokenUnit = { symbol: token.symbol ?? null, decimals: token.decimals ?? 0 };
  const ofToken = steps.filter((step) => keyOf(step.token) === keyOf(token));
  return (
    <Section
      title={tokenTitle(token)}
      aside={
        <span class="muted">
          <Amount value={balance} unit={tokenUnit} />
        </span>
      }
    >
      <Doubts token={token} />
      {token.policy.isPaused === true && <p class="notice warning">{t.paused}</p>}
      {assets.map((asset) => (
        <Snapshots
          key={asset.address}
          asset={asset}
          steps={steps}
          token={token}
          nativeSymbol={nativeSymbol}
        />
      ))}
      <IfNotClaimed owed={owed} />
      {ofToken.map((step) => (
        <Action
          key={`${step.transaction.from} ${step.transaction.data}`}
          {...wishOf(step, [owed], () => nativeSymbol)}
          links={linksOf(step)}
          isMain={steps.length < 2}
        />
      ))}
      <TakeSnapshot token={token} sender={accounts[0]?.address ?? token.address} isNow={isNow} />
      {isNow && token.held == null && token.archivedBlock == null && (
        <Burn owed={owed} nativeSymbol={nativeSymbol} />
      )}
      <p class="muted">
        <a href={links.offering(token.chainId, token.address)}>{t.toOffering}</a>
      </p>
    </Section>
  );
}

/** What becomes of a share that is not claimed in time. */
function IfNotClaimed({ owed: { token, assets } }: { readonly owed: OwedToken }) {
  const { window, parts } = token.policy;
  const isOpen = assets.some(({ claimable }) => claimable > 0n);
  const sentence = wordOf(texts.value.policy.rollOver, parts.rollOver);
  if (window == null || !isOpen || sentence === null) return null;
  return <p class="muted small">{sentence}</p>;
}

function Snapshots({
  asset,
  steps,
  token,
  nativeSymbol,
}: {
  readonly asset: OwedAsset;
  readonly steps: Steps;
  readonly token: OwedToken['token'];
  readonly nativeSymbol: string;
}) {
  const { holder: t, table } = texts.value;
  const unit = unitOf(asset, nativeSymbol);
  const [isAll, setAll] = useState(false);
  const given = asset.snapshots.filter(({ share, claimed }) => share > 0n || claimed > 0n);
  const shown = isAll ? given : given.slice(0, SHOWN_AT_FIRST);
  if (shown.length === 0) return <p class="empty">{t.noShares}</p>;
  return (
    <section class="scroll" aria-label={`${tokenTitle(token)}, ${unitName(unit)}`}>
      <table class="stacked">
        <thead>
          <tr>
            <th scope="col">{table.snapshot}</th>
            <th scope="col" class="number">
              {table.share}
            </th>
            <th scope="col">{table.state}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((snapshot) => (
            <tr key={snapshot.snapshotId}>
              <td>
                <span class="only-narrow muted">{table.snapshot} </span>
                {snapshot.snapshotId}
              </td>
              <td class="number">
                <Amount
                  value={snapshot.claimable > 0n ? snapshot.claimable : snapshot.share}
                  unit={unit}
                />
              </td>
              <td>
                <State snapshot={snapshot} expiry={expiryOf(steps, token, snapshot.snapshotId)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {shown.length < given.length && (
        <button type="button" class="button quiet" onClick={() => setAll(true)}>
          {t.allSnapshots(given.length)}
        </button>
      )}
      {asset.hasMore && <p class="muted small">{t.moreSnapshots}</p>}
    </section>
  );
}

function State({
  snapshot,
  expiry,
}: {
  readonly snapshot: OwedSnapshot;
  readonly expiry: ReturnType<typeof expiryOf>;
}) {
  const { holder: t } = texts.value;
  if (snapshot.claimable > 0n) {
    return (
      <>
        <strong class="positive">{t.states.OPEN}</strong>{' '}
        {expiry !== null && (
          <span class="muted">
            {expiry.snapshotsLeft == null ? (
              t.forEver
            ) : (
              <>
                <Say
                  text={expiry.snapshotsLeft === 1 ? t.untilNext : t.untilLater}
                  count={expiry.snapshotsLeft}
                />{' '}
                <When expiry={expiry} />
              </>
            )}
          </span>
        )}
      </>
    );
  }
  return <span class="muted">{snapshot.states.map((state) => t.states[state]).join(', ')}</span>;
}

/** A link opens a wallet with one snapshot: EIP-681 has no lists. */
function linksOf({ claims }: PlanStep): WalletLink[] {
  const { table } = texts.value;
  return claims.flatMap(({ snapshotId, link }) =>
    link === null
      ? []
      : [{ name: claims.length === 1 ? null : `${table.snapshot} ${snapshotId}`, href: link }],
  );
}
