import { signal } from '@preact/signals';
import { chains } from '../ledger/heads.js';
import { NotDone, type Progress, send, type Transaction } from './send.js';
import type { Wallet } from './wallets.js';

/** A transaction that this page asked a wallet to send, from the request to the new figures. */
export interface Sent {
  readonly key: string;
  /** What it does, as the button said. */
  readonly label: string;
  readonly transaction: Transaction;
  readonly progress: Progress;
  readonly failure: NotDone | null;
}

/** The newest first, as long as the page is open. */
export const transactions = signal<readonly Sent[]>([]);

function keyOf({ chainId, from, to, data }: Transaction): string {
  return `${chainId} ${from ?? ''} ${to} ${data}`;
}

/** What is asked of a wallet. */
export interface Wish {
  readonly transaction: Transaction;
  /** A verb and its object. */
  readonly label: string;
}

/** Has a wallet send transactions one after the other, and follows them. After one that is not done, none of the others is sent. */
export async function startAll(wallet: Wallet, wishes: readonly Wish[]): Promise<void> {
  const keys = new Set(wishes.map(({ transaction }) => keyOf(transaction)));
  const waiting = wishes.map(
    ({ transaction, label }): Sent => ({
      key: keyOf(transaction),
      label,
      transaction,
      progress: { state: 'waiting' },
      failure: null,
    }),
  );
  transactions.value = [...waiting, ...transactions.value.filter(({ key }) => !keys.has(key))];
  let isStopped = false;
  for (const { key, transaction } of waiting) {
    const change = (part: Partial<Sent>) => {
      transactions.value = transactions.value.map((sent) =>
        sent.key === key ? { ...sent, ...part } : sent,
      );
    };
    if (isStopped) {
      change({ failure: new NotDone('notSent') });
      continue;
    }
    try {
      await send(wallet.provider, transaction, (progress) => change({ progress }));
    } catch (error) {
      change({ failure: error instanceof NotDone ? error : new NotDone('failed', String(error)) });
      isStopped = true;
    }
  }
}

/** Whether the figures of the page have it. */
export function isIndexed({ progress, transaction }: Sent): boolean {
  if (progress.state !== 'mined') return false;
  const head = chains.value?.find(({ chainId }) => chainId === transaction.chainId)?.indexed;
  return head != null && head.block >= progress.block;
}

/** Whether it would be sent twice. */
export function isUnderWay(transaction: Transaction): boolean {
  const sent = transactions.value.find(({ key }) => key === keyOf(transaction));
  return sent !== undefined && sent.failure === null && !isIndexed(sent);
}
