import { useState } from 'preact/hooks';
import { lazy } from 'preact-iso';
import { Address } from '../parts/address.js';
import { texts } from '../texts/texts.js';
import { cut } from '../views/tokenName.js';
import type { Transaction } from './send.js';
import { isUnderWay, startAll, type Wish } from './transactions.js';
import { wallets } from './wallets.js';

/** Its encoder is loaded when a code is shown. */
const QrCode = lazy(() => import('./qrCode.js'));

/** A button that sends a transaction by a wallet; without a wallet, what to send by other means. */
export function Action({
  transaction,
  link,
  label,
  isMain = true,
  isReady = true,
}: {
  readonly transaction: Transaction;
  /** EIP-681; `null`: there is none for this transaction. */
  readonly link: string | null;
  /** A verb and its object. */
  readonly label: string;
  readonly isMain?: boolean;
  /** Whether what the label says is known yet. */
  readonly isReady?: boolean;
}) {
  if (wallets.value.length === 0) {
    return <Otherwise transaction={transaction} link={link} label={label} />;
  }
  return (
    <Buttons wishes={[{ transaction, label }]} label={label} isMain={isMain} isReady={isReady} />
  );
}

/** A button for each wallet, which sends transactions one after the other. */
export function Buttons({
  wishes,
  label,
  isMain = true,
  isReady = true,
}: {
  readonly wishes: readonly Wish[];
  readonly label: string;
  readonly isMain?: boolean;
  readonly isReady?: boolean;
}) {
  const isBusy = wishes.some(({ transaction }) => isUnderWay(transaction));
  return (
    <div class="action">
      {wallets.value.map((wallet) => (
        <button
          key={wallet.id}
          type="button"
          class={isMain ? 'button main' : 'button'}
          disabled={isBusy || !isReady}
          onClick={() => startAll(wallet, wishes)}
        >
          {label}
          {wallets.value.length > 1 && <bdi>&nbsp;· {cut(wallet.name)}</bdi>}
        </button>
      ))}
    </div>
  );
}

/** What to send where the browser has no wallet. */
function Otherwise({
  transaction: { from, to, data },
  link,
  label,
}: {
  readonly transaction: Transaction;
  readonly link: string | null;
  readonly label: string;
}) {
  const { wallet: t } = texts.value;
  const [isOpen, setOpen] = useState(false);
  return (
    <details
      class="otherwise action"
      onToggle={(event) => setOpen((event.currentTarget as HTMLDetailsElement).open)}
    >
      <summary class="button">{label}</summary>
      <p class="muted small">{from === null ? t.noneAny : t.none}</p>
      <div class="send-by">
        <dl class="figures narrow">
          {from !== null && (
            <>
              <dt>{t.from}</dt>
              <dd>
                <Address hex={from} />
              </dd>
            </>
          )}
          <dt>{t.to}</dt>
          <dd>
            <Address hex={to} />
          </dd>
          <dt>{t.data}</dt>
          <dd>
            <code class="data">{data}</code>
          </dd>
        </dl>
        {link !== null && isOpen && (
          <figure class="scan">
            <QrCode text={link} label={t.qr} />
            <figcaption>
              <a href={link}>{t.link}</a>
            </figcaption>
          </figure>
        )}
      </div>
      {link === null && <p class="muted small">{t.noLink}</p>}
    </details>
  );
}
