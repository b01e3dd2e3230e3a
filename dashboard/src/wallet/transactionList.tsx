import type { ComponentChildren } from 'preact';
import { count } from '../format/amounts.js';
import { Address } from '../parts/address.js';
import { ExplorerLink } from '../parts/explorerLink.js';
import { Say } from '../texts/say.js';
import { texts } from '../texts/texts.js';
import { cut } from '../views/tokenName.js';
import type { NotDone } from './send.js';
import { isIndexed, type Sent, transactions } from './transactions.js';

/** What was asked of a wallet, and how far it is. */
export function TransactionList({
  total,
}: {
  /** What the number of the page is now. */
  readonly total: ComponentChildren;
}) {
  return (
    <ul class="transactions" aria-live="polite">
      {transactions.value.map((sent) => (
        <li key={sent.key} data-state={stateOf(sent)}>
          <strong>{sent.label}</strong> <Told sent={sent} total={total} />
        </li>
      ))}
    </ul>
  );
}

function stateOf(sent: Sent): string {
  if (sent.failure !== null) return sent.failure.kind;
  return isIndexed(sent) ? 'indexed' : sent.progress.state;
}

function Told({ sent, total }: { readonly sent: Sent; readonly total: ComponentChildren }) {
  const { wallet: t } = texts.value;
  const { progress, failure, transaction } = sent;
  if (failure !== null) return <NotDoneText failure={failure} from={transaction.from} />;
  if (progress.state === 'waiting') return <span class="muted">{t.waiting}</span>;
  if (progress.state === 'confirming') return <span class="muted">{t.confirm}</span>;
  const link = <ExplorerLink chainId={transaction.chainId} kind="tx" of={progress.hash} />;
  if (progress.state === 'sent') {
    return (
      <span class="muted">
        {t.sent} <Address hex={progress.hash} /> {link}
      </span>
    );
  }
  if (isIndexed(sent)) {
    return (
      <span class="positive">
        <Say text={t.done} total={total} /> {link}
      </span>
    );
  }
  return (
    <span class="muted">
      <Say text={t.mined} block={count(progress.block)} /> {link}
    </span>
  );
}

/** That somebody said no is not an error. */
function NotDoneText({
  failure: { kind, message },
  from,
}: {
  readonly failure: NotDone;
  readonly from: string | null;
}) {
  const { wallet: t } = texts.value;
  const isQuiet = kind === 'rejected' || kind === 'notSent';
  return (
    <span class={isQuiet ? 'muted' : 'wrong'}>
      {t.failures[kind]} {kind === 'otherAccount' && from !== null && <Address hex={from} />}
      {message !== '' && kind === 'failed' && <bdi>{cut(message)}</bdi>}
      {message !== '' && kind === 'reverted' && (
        <Say text={t.reason} reason={<bdi>{reasonIn(message)}</bdi>} />
      )}
    </span>
  );
}

const LONGEST_REASON = 160;

/** What the contract said, without what the node and the wallet say around it. */
function reasonIn(message: string): string {
  return cut(message.replace(/^.*execution reverted:?\s*/i, ''), LONGEST_REASON);
}
