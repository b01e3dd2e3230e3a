import { useState } from 'preact/hooks';
import { texts } from '../texts/texts.js';
import { cut } from '../views/tokenName.js';
import { accountsOf, NotDone } from './send.js';
import { wallets } from './wallets.js';

/** A button for each wallet of the browser, which gives the accounts that it lets the page see. */
export function Connect({
  onAccounts,
}: {
  readonly onAccounts: (accounts: readonly string[]) => void;
}) {
  const { wallet: t } = texts.value;
  const [failure, setFailure] = useState<NotDone | null>(null);
  const connect = async (provider: (typeof wallets.value)[number]['provider']) => {
    setFailure(null);
    try {
      onAccounts(await accountsOf(provider));
    } catch (error) {
      setFailure(error instanceof NotDone ? error : new NotDone('failed', String(error)));
    }
  };
  return (
    <>
      {wallets.value.map(({ id, name, provider }) => (
        <button key={id} type="button" class="button" onClick={() => connect(provider)}>
          {t.connect}&nbsp;<bdi>{cut(name)}</bdi>
        </button>
      ))}
      {failure !== null && (
        <p class={failure.kind === 'rejected' ? 'muted small' : 'wrong'} role="status">
          {failure.kind === 'rejected' ? t.notConnected : t.failures.failed}{' '}
          {failure.kind !== 'rejected' && <bdi>{cut(failure.message)}</bdi>}
        </p>
      )}
    </>
  );
}
