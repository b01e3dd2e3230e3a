import { useId, useState } from 'preact/hooks';
import { lazy } from 'preact-iso';
import { Address } from '../parts/address.js';
import { texts } from '../texts/texts.js';
import { cut } from '../views/tokenName.js';
import type { Transaction } from './send.js';
import { isUnderWay, startAll, type Wish } from './transactions.js';
import { wallets } from './wallets.js';

/** Its encoder is loaded when a code is shown. */
const QrCode = lazy(() => import('./qrCode.js'));

/** EIP-681: opens a wallet with the transaction, or with a part of it where a link cannot hold all. */
export interface WalletLink {
  /** Of the part; `null`: it is the whole. */
  readonly name: string | null;
  readonly href: string;
}

/** The link of a whole transaction, if there is one. */
export function wholeLink(href: string | null | undefined): WalletLink[] {
  return href == null ? [] : [{ name: null, href }];
}

/** A button that sends a transaction by a wallet; without a wallet, what to send by other means. */
export function Action({
  transaction,
  links,
  label,
  isMain = true,
  isReady = true,
}: {
  readonly transaction: Transaction;
  readonly links: readonly WalletLink[];
  /** A verb and its object. */
  readonly label: string;
  readonly isMain?: boolean;
  /** Whether what the label says is known yet. */
  readonly isReady?: boolean;
}) {
  if (wallets.value.length === 0) {
    return <Otherwise transaction={transaction} links={links} label={label} />;
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
  links,
  label,
}: {
  readonly transaction: Transaction;
  readonly links: readonly WalletLink[];
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
        {isOpen && <Scan links={links} />}
      </div>
    </details>
  );
}

/** A link that opens a wallet, and its code for the wallet of another device. */
function Scan({ links }: { readonly links: readonly WalletLink[] }) {
  const { wallet: t } = texts.value;
  const [chosen, setChosen] = useState(0);
  const id = useId();
  const link = links[chosen] ?? links[0];
  if (link === undefined) return null;
  return (
    <figure class="scan">
      {links.length > 1 && (
        <p>
          <label for={id}>{t.whichLink}</label>{' '}
          <select
            id={id}
            value={String(links.indexOf(link))}
            onChange={(event) => setChosen(event.currentTarget.selectedIndex)}
          >
            {links.map(({ name, href }, index) => (
              <option key={href} value={String(index)}>
                {name}
              </option>
            ))}
          </select>
        </p>
      )}
      <QrCode text={link.href} label={t.qr} />
      <figcaption>
        <a href={link.href}>{t.link}</a>
      </figcaption>
    </figure>
  );
}
