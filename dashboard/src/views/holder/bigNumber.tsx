import type { Currencies } from '../../ledger/currencies.js';
import { Amount } from '../../parts/amount.js';
import { Unknown } from '../../parts/card.js';
import { Time } from '../../parts/time.js';
import { WorthText } from '../../parts/worth.js';
import { Say } from '../../texts/say.js';
import { texts } from '../../texts/texts.js';
import { TransactionList } from '../../wallet/transactionList.js';
import { ClaimAll } from './claimAll.js';
import { CurrencyChoice, type PersonWorth } from './fiat.js';
import {
  claimableTotals,
  type FirstExpiry,
  firstExpiry,
  type OwedToken,
  type PlanStep,
  unitOf,
} from './owed.js';

/** What can be claimed now, and what is lost first. */
export function BigNumber({
  tokens,
  steps,
  currencies,
  worth,
  isComing,
  isPlanned,
  symbolOf,
}: {
  readonly tokens: readonly OwedToken[];
  readonly steps: readonly PlanStep[];
  readonly currencies: Currencies;
  readonly worth: PersonWorth | null;
  /** The worth is asked for. */
  readonly isComing: boolean;
  /** Whether it is known until when: plans are made for now only. */
  readonly isPlanned: boolean;
  readonly symbolOf: (chainId: number) => string;
}) {
  const { holder: t } = texts.value;
  const totals = claimableTotals(tokens).toSorted(
    (a, b) => Number(b.claimable > 0n) - Number(a.claimable > 0n),
  );
  const [first, ...others] = totals.filter(({ claimable }, index) => index === 0 || claimable > 0n);
  const expiry = firstExpiry(steps, tokens);
  const number = first !== undefined && (
    <Amount value={first.claimable} unit={unitOf(first.asset, symbolOf(first.chainId))} />
  );
  return (
    <section class="big" aria-labelledby="claimable">
      <h2 id="claimable">{t.claimable}</h2>
      <p class="big-number" aria-live="polite" data-testid="claimable">
        {number}
      </p>
      {others.map(({ chainId, asset, claimable }) => (
        <p class="also" key={`${chainId} ${asset.address}`}>
          + <Amount value={claimable} unit={unitOf(asset, symbolOf(chainId))} />
        </p>
      ))}
      <Fiat currencies={currencies} worth={worth} isComing={isComing} />
      {isPlanned && (first?.claimable ?? 0n) + BigInt(others.length) > 0n && (
        <p class="deadline">
          {expiry === null ? (
            t.neverExpires
          ) : (
            <Deadline first={expiry} symbolOf={symbolOf} tokens={tokens} />
          )}
        </p>
      )}
      <ClaimAll steps={steps} tokens={tokens} symbolOf={symbolOf} />
      <TransactionList total={number} />
    </section>
  );
}

/** The number in the currency of the reader. */
function Fiat({
  currencies,
  worth,
  isComing,
}: {
  readonly currencies: Currencies;
  readonly worth: PersonWorth | null;
  readonly isComing: boolean;
}) {
  const { holder: t } = texts.value;
  const { all, chosen } = currencies;
  return (
    <p class="fiat muted" data-testid="fiat" aria-busy={isComing}>
      {all !== null && chosen === null && <Unknown why={t.noFeeds} />}
      {worth !== null && <WorthText sum={worth.totalClaimableWei} />}{' '}
      <CurrencyChoice {...currencies} />
    </p>
  );
}

function Deadline({
  first: { token, expiry, pays },
  tokens,
  symbolOf,
}: {
  readonly first: FirstExpiry;
  readonly tokens: readonly OwedToken[];
  readonly symbolOf: (chainId: number) => string;
}) {
  const { holder: t } = texts.value;
  const owed = tokens.find((one) => one.token === token);
  const amounts = pays.map(({ asset, amount }, index) => {
    const found = owed?.assets.find(({ address }) => address === asset);
    const unit = unitOf(
      found ?? { address: asset, symbol: null, decimals: null },
      symbolOf(token.chainId),
    );
    return (
      <span key={asset}>
        {index > 0 && ' + '}
        <Amount value={amount} unit={unit} />
      </span>
    );
  });
  const left = expiry.snapshotsLeft ?? 1;
  return (
    <>
      <Say
        text={left === 1 ? t.expiresNext : t.expiresLater}
        amount={amounts}
        count={left}
        token={<bdi>{token.symbol ?? token.symbolOnChain ?? token.address}</bdi>}
      />{' '}
      <When expiry={expiry} />
    </>
  );
}

/** Not before when: a snapshot is taken by somebody. */
export function When({ expiry: { isDue, earliest } }: { readonly expiry: FirstExpiry['expiry'] }) {
  const { when } = texts.value;
  if (isDue) return <span class="due">{when.anyMoment}</span>;
  if (earliest?.timestamp != null) {
    return <Say text={when.notBefore} time={<Time moment={earliest.timestamp} />} />;
  }
  if (earliest?.block != null) return <Say text={when.notBeforeBlock} block={earliest.block} />;
  return <>{when.unknown}</>;
}
