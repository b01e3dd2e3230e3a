import { Amount, amountText, unitName } from '../../parts/amount.js';
import { Section } from '../../parts/card.js';
import { links } from '../../place/links.js';
import { Say } from '../../texts/say.js';
import { texts } from '../../texts/texts.js';
import { Action } from '../../wallet/action.js';
import { tokenTitle } from '../tokenName.js';
import { When } from './bigNumber.js';
import {
  expiryOf,
  type firstExpiry,
  type OwedAsset,
  type OwedSnapshot,
  type OwedToken,
  unitOf,
} from './owed.js';

type Steps = Parameters<typeof firstExpiry>[0];

/** One token of a person: snapshot by snapshot what can be claimed, and until when. */
export function TokenOwed({
  owed: { token, assets, balance },
  steps,
  nativeSymbol,
}: {
  readonly owed: OwedToken;
  readonly steps: Steps;
  readonly nativeSymbol: string;
}) {
  const { holder: t } = texts.value;
  const tokenUnit = { symbol: token.symbol ?? null, decimals: token.decimals ?? 0 };
  return (
    <Section
      title={tokenTitle(token)}
      aside={
        <span class="muted">
          <Amount value={balance} unit={tokenUnit} />
        </span>
      }
    >
      {token.held != null && (
        <p class="notice warning">
          <Say text={t.held} block={token.held.lastBlock} reason={<bdi>{token.held.reason}</bdi>} />
        </p>
      )}
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
      {steps
        .filter(
          (step) => step.token.chainId === token.chainId && step.token.address === token.address,
        )
        .map((step) => (
          <ClaimStep
            key={`${step.transaction.from} ${step.transaction.data}`}
            step={step}
            assets={assets}
            nativeSymbol={nativeSymbol}
          />
        ))}
      <p class="muted">
        <a href={links.offering(token.chainId, token.address)}>{t.toOffering}</a>
      </p>
    </Section>
  );
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
  const shown = asset.snapshots.filter(({ share, claimed }) => share > 0n || claimed > 0n);
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

/** Sends what claims a step of the plan: all that is claimable of a token, in one transaction. */
function ClaimStep({
  step: { claims, transaction },
  assets,
  nativeSymbol,
}: {
  readonly step: Steps[number];
  readonly assets: readonly OwedAsset[];
  readonly nativeSymbol: string;
}) {
  const { wallet: t } = texts.value;
  const [first, second] = claims;
  const pays = Map.groupBy(
    claims.flatMap((claim) => claim.pays),
    ({ asset }) => asset.address ?? null,
  );
  const amounts = [...pays].map(([address, parts]) => {
    const found = assets.find((asset) => asset.address === address);
    const unit = unitOf(found ?? { address, symbol: null, decimals: null }, nativeSymbol);
    return amountText(
      parts.reduce((sum, { amount }) => sum + amount, 0n),
      unit,
    );
  });
  // A link opens a wallet with one snapshot.
  const link = first !== undefined && second === undefined ? first.link : null;
  return <Action transaction={transaction} link={link} label={t.claim(amounts.join(' + '))} />;
}
