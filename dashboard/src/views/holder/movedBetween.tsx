import { count } from '../../format/amounts.js';
import { ledger } from '../../ledger/client.js';
import { type AtInput, MovedBetweenDocument } from '../../ledger/generated/holder.js';
import { useAnswer } from '../../ledger/useAnswer.js';
import { Amount } from '../../parts/amount.js';
import { Say } from '../../texts/say.js';
import { texts } from '../../texts/texts.js';
import { keyOf, type OwedToken } from './owed.js';

/** What moved between the addresses of a person: it is left out of every figure, and this says so. */
export function MovedBetween({
  addresses,
  at,
  tokens,
}: {
  readonly addresses: readonly string[];
  readonly at: AtInput | undefined;
  readonly tokens: readonly OwedToken[];
}) {
  const { holder: t } = texts.value;
  const { data } = useAnswer(`between ${addresses} ${JSON.stringify(at)}`, async (signal) => {
    const answer = await ledger.query(
      MovedBetweenDocument,
      { holders: [...addresses], at },
      signal,
    );
    return { data: answer.data.transferTotals ?? [], marks: {} };
  });
  const moved = (data ?? []).flatMap(({ chainId, token: address, count: times, amount }) => {
    const owed = tokens.find(({ token }) => keyOf(token) === `${chainId} ${address}`);
    if (owed === undefined || times === 0) return [];
    const { symbol = null, decimals } = owed.token;
    return [
      { key: keyOf(owed.token), times, sum: amount.sum, unit: { symbol, decimals: decimals ?? 0 } },
    ];
  });
  return (
    <div class="notice between">
      <p>{t.together}</p>
      {data !== null && moved.length === 0 && <p class="muted">{t.nothingBetween}</p>}
      {moved.map(({ key, times, sum, unit }) => (
        <p key={key} class="muted">
          <Say
            text={times === 1 ? t.movedOnce : t.movedBetween}
            count={count(times)}
            amount={<Amount value={sum} unit={unit} />}
          />
        </p>
      ))}
    </div>
  );
}
