import { count } from '../format/amounts.js';
import { Address } from '../parts/address.js';
import { Say } from '../texts/say.js';
import { texts } from '../texts/texts.js';
import { cut } from '../views/tokenName.js';
import type { NotDone } from './send.js';
import { isIndexed, type Sent, transactions } from './transactions.js';

/** What was asked of a wallet, and how far it is. */
export function TransactionList() {
  return (
    <ul class="transactions" aria-live="polite">
      {transactions.value.map((sent) => (
        <li key={sent.key} data-state={stateOf(sent)}>
          <strong>{sent.label}</strong> <Told sent={sent} />
        </li>
      ))}
    </ul>
  );
}

function stateOf(sent: Sent): string {
  if (sent.failure !== null) return sent.failure.kind;
  return isIndexed(sent) ? 'indexed' : sent.progress.state;
}

function Told({ sent }: { readonly sent: Sent }) {
  const { wallet: t } = texts.value;
  const { progress, failure, transaction } = sent;
  if (failure !== null) return <NotDoneText failure={failure} from={transaction.from} />;
  if (progress.state === 'confirming') return <span class="muted">{t.confirm}</span>;
  if (progress.state === 'sent') {
    return (
      <span class="muted">
        {t.sent} <Address hex={progress.hash} />
      </span>
    );
  }
  if (isIndexed(sent)) return <span class="positive">{t.done}</span>;
  return (
    <span class="muted">
      <Say text={t.mined} block={count(progress.block)} />
    </span>
  );
}

/** That somebody said no is no error. */
function NotDoneText({ failure, from }: { readonly failure: NotDone; readonly from: string }) {
  const { wallet: t } = texts.value;
  return (
    <span class={failure.kind === 'rejected' ? 'muted' : 'wrong'}>
      {t.failures[failure.kind]} {failure.kind === 'otherAccount' && <Address hex={from} />}
      {failure.kind === 'failed' && <bdi>{cut(failure.message)}</bdi>}
    </span>
  );
}
