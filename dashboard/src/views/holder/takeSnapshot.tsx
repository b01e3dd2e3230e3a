import { ledger } from '../../ledger/client.js';
import { NextSnapshotPlanDocument } from '../../ledger/generated/holder.js';
import { chains } from '../../ledger/heads.js';
import { useAnswer } from '../../ledger/useAnswer.js';
import { clock } from '../../parts/time.js';
import { Say } from '../../texts/say.js';
import { texts } from '../../texts/texts.js';
import { Action, wholeLink } from '../../wallet/action.js';
import { NextSnapshot } from '../nextSnapshot.js';
import type { OwedToken } from './owed.js';

/** When the next snapshot is possible, and a button that takes it once it is. */
export function TakeSnapshot({
  token,
  sender,
  isNow,
}: {
  readonly token: OwedToken['token'];
  readonly sender: string;
  readonly isNow: boolean;
}) {
  const { holder: t } = texts.value;
  const { earliestNextSnapshot: earliest, held, archivedBlock } = token;
  const isOver = held != null || archivedBlock != null;
  return (
    <div class="next-snapshot">
      {earliest != null && (
        <p>
          <span class="muted">{t.nextSnapshot}</span> <NextSnapshot at={earliest} />
        </p>
      )}
      {isNow && !isOver && mayBeDue(token) && <Plan token={token} sender={sender} />}
    </div>
  );
}

/** Whether it is worth asking: what is not due for days is not asked for with each block. */
function mayBeDue({ chainId, earliestNextSnapshot: earliest }: OwedToken['token']): boolean {
  if (earliest == null) return true;
  if (earliest.timestamp != null) return Date.parse(earliest.timestamp) <= clock.value.getTime();
  const head = chains.value?.find((chain) => chain.chainId === chainId)?.indexed?.block ?? 0;
  return (earliest.block ?? 0) <= head + 1;
}

function Plan({
  token: { chainId, address },
  sender,
}: {
  readonly token: OwedToken['token'];
  readonly sender: string;
}) {
  const { holder: t, wallet } = texts.value;
  const { data: plan } = useAnswer(`snapshot ${chainId} ${address} ${sender}`, async (signal) => {
    const variables = { chainId, token: address, sender };
    const { data } = await ledger.query(NextSnapshotPlanDocument, variables, signal);
    return { data: data.snapshotPlan ?? null, marks: {} };
  });
  if (plan === null) return null;
  const { gas, gasUnavailable, ...transaction } = plan.transaction;
  // Where nobody can tell when it is due, the node can.
  if (!plan.isDue && gas == null) return null;
  if (!plan.isForAnyone && gas == null) return <p class="muted small">{t.snapshotBySome}</p>;
  return (
    <>
      <p class="muted small">{t.snapshotNote}</p>
      {plan.isDue && gasUnavailable != null && (
        <p class="muted small">
          <Say text={t.nodeSays} reason={<bdi>{gasUnavailable}</bdi>} />
        </p>
      )}
      <Action
        transaction={{ ...transaction, from: plan.isForAnyone ? null : transaction.from }}
        links={wholeLink(plan.link)}
        label={wallet.snapshot}
        isMain={false}
      />
    </>
  );
}
