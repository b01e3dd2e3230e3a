import { Address } from '../parts/address.js';
import { texts } from '../texts/texts.js';
import { cut } from '../views/tokenName.js';
import type { Transaction } from './send.js';
import { isUnderWay, start } from './transactions.js';
import { wallets } from './wallets.js';

/** A button that sends a transaction by a wallet; without a wallet, what to send by other means. */
export function Action({
  transaction,
  link,
  label,
}: {
  readonly transaction: Transaction;
  /** EIP-681; `null`: there is none for this transaction. */
  readonly link: string | null;
  /** A verb and its object. */
  readonly label: string;
}) {
  if (wallets.value.length === 0) {
    return <Otherwise transaction={transaction} link={link} label={label} />;
  }
  return (
    <div class="action">
      {wallets.value.map((wallet) => (
        <button
          key={wallet.id}
          type="button"
          class="button main"
          disabled={isUnderWay(transaction)}
          onClick={() => start(wallet, transaction, label)}
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
  transaction,
  link,
  label,
}: {
  readonly transaction: Transaction;
  readonly link: string | null;
  readonly label: string;
}) {
  const { wallet: t } = texts.value;
  return (
    <details class="otherwise action">
      <summary class="button">{label}</summary>
      <p class="muted small">{t.none}</p>
      <dl class="figures narrow">
        <dt>{t.from}</dt>
        <dd>
          <Address hex={transaction.from} />
        </dd>
        <dt>{t.to}</dt>
        <dd>
          <Address hex={transaction.to} />
        </dd>
        <dt>{t.data}</dt>
        <dd>
          <code class="data">{transaction.data}</code>
        </dd>
      </dl>
      {link !== null && (
        <p>
          <a href={link}>{t.link}</a>
        </p>
      )}
    </details>
  );
}
