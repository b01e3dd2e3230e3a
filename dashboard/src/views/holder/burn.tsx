import { useEffect, useState } from 'preact/hooks';
import { exactAmount, shortAmount } from '../../format/amounts.js';
import { parseAmount } from '../../format/parseAmount.js';
import { ledger } from '../../ledger/client.js';
import { BurnQuoteDocument, type BurnQuoteQuery } from '../../ledger/generated/holder.js';
import { useAnswer } from '../../ledger/useAnswer.js';
import { Amount, amountText } from '../../parts/amount.js';
import { Failure } from '../../parts/failure.js';
import { Say } from '../../texts/say.js';
import { texts } from '../../texts/texts.js';
import { Action, wholeLink } from '../../wallet/action.js';
import { cutSymbol } from '../tokenName.js';
import type { OwedToken } from './owed.js';
import { unitOf } from './owed.js';

type Plan = NonNullable<BurnQuoteQuery['burnPlan']>;

/** Places of the slider, if the balance has as many units. */
const STEPS = 1_000n;
/** A slider moves faster than answers come. */
const STILL_MS = 120;

/** Burns a part of a balance: the exact result is shown beforehand. */
export function Burn({
  owed: { token, accounts },
  nativeSymbol,
}: {
  readonly owed: OwedToken;
  readonly nativeSymbol: string;
}) {
  const { holder: t } = texts.value;
  const able = accounts.filter(({ balance }) => balance > 0n);
  const [chosen, setChosen] = useState<string | null>(null);
  const account = able.find(({ address }) => address === chosen) ?? able[0];
  const [amount, setAmount] = useState(0n);
  if (account === undefined) return null;
  const most = leastOf(amount, account.balance);
  const id = `burn-${token.chainId}-${token.address}`;
  return (
    <details class="burn">
      <summary class="button">{t.burn}</summary>
      <p>{t.burnNote}</p>
      {able.length > 1 && (
        <p class="field">
          <label for={`${id}-from`}>{t.burnFrom}</label>
          <select
            id={`${id}-from`}
            value={account.address}
            onChange={(event) => setChosen(event.currentTarget.value)}
          >
            {able.map(({ address }) => (
              <option key={address} value={address}>
                {address}
              </option>
            ))}
          </select>
        </p>
      )}
      <AmountField
        id={id}
        balance={account.balance}
        amount={most}
        unit={{ symbol: cutSymbol(token.symbol), decimals: token.decimals ?? 0 }}
        onAmount={setAmount}
      />
      <Quote owed={{ token }} holder={account.address} amount={most} nativeSymbol={nativeSymbol} />
    </details>
  );
}

/** A slider and a field for the same amount: both are exact. */
function AmountField({
  id,
  balance,
  amount,
  unit,
  onAmount,
}: {
  readonly id: string;
  readonly balance: bigint;
  readonly amount: bigint;
  readonly unit: { readonly symbol: string | null; readonly decimals: number };
  readonly onAmount: (amount: bigint) => void;
}) {
  const { holder: t } = texts.value;
  const steps = leastOf(balance, STEPS);
  const [typed, setTyped] = useState<string | null>(null);
  const parsed = typed === null ? null : parseAmount(typed, unit.decimals);
  const isWrong = typed !== null && typed.trim() !== '' && (parsed === null || parsed > balance);
  const plain = exactAmount(amount, unit.decimals).replaceAll('\u202f', '');
  return (
    <div class="burn-amount">
      <label for={id}>{t.burnAmount}</label>
      <input
        id={id}
        type="range"
        min="0"
        max={String(steps)}
        step="1"
        value={String((amount * steps) / balance)}
        aria-valuetext={amountText(amount, unit)}
        onInput={(event) => {
          setTyped(null);
          onAmount((balance * BigInt(event.currentTarget.value)) / steps);
        }}
      />
      <span class="field">
        <input
          inputMode="decimal"
          autocomplete="off"
          aria-label={t.burnExactly}
          aria-invalid={isWrong}
          aria-describedby={`${id}-note`}
          value={typed ?? plain}
          onInput={(event) => {
            const text = event.currentTarget.value;
            setTyped(text);
            const value = parseAmount(text, unit.decimals);
            onAmount(value === null || value > balance ? 0n : value);
          }}
          onBlur={() => {
            if (!isWrong) setTyped(null);
          }}
        />{' '}
        <bdi class="unit">{unit.symbol ?? texts.value.amounts.noSymbol}</bdi>
        <button
          type="button"
          class="button quiet"
          onClick={() => {
            setTyped(null);
            onAmount(balance);
          }}
        >
          {t.burnAll}
        </button>
      </span>
      <p id={`${id}-note`} class={isWrong ? 'wrong' : 'muted small'} role="status">
        {isWrong ? (
          <Say text={t.burnTooMuch} amount={shortAmount(balance, unit.decimals)} />
        ) : (
          <Say text={t.burnOf} amount={<Amount value={balance} unit={unit} />} />
        )}
      </p>
    </div>
  );
}

function Quote({
  owed: { token },
  holder,
  amount,
  nativeSymbol,
}: {
  readonly owed: Pick<OwedToken, 'token'>;
  readonly holder: string;
  readonly amount: bigint;
  readonly nativeSymbol: string;
}) {
  const { chainId, address } = token;
  const asked = useStill(amount);
  const key = asked === 0n ? null : `burn ${chainId} ${address} ${holder} ${asked}`;
  const { data, failure } = useAnswer(key, async (signal) => {
    const variables = { chainId, token: address, holder, amount: asked };
    const answer = await ledger.query(BurnQuoteDocument, variables, signal);
    return { data: answer.data.burnPlan ?? null, marks: answer.marks };
  });
  if (amount === 0n) return null;
  if (failure !== null && data === null) return <Failure failure={failure} />;
  if (data === null) return <p class="muted quote">{texts.value.loading}</p>;
  const isReady = data.amount === amount;
  return (
    <div class={isReady ? 'quote' : 'quote dimmed'} data-testid="burn-quote">
      <Result plan={data} token={token} nativeSymbol={nativeSymbol} isReady={isReady} />
    </div>
  );
}

function Result({
  plan,
  token,
  nativeSymbol,
  isReady,
}: {
  readonly plan: Plan;
  readonly token: OwedToken['token'];
  readonly nativeSymbol: string;
  readonly isReady: boolean;
}) {
  const { holder: t, wallet } = texts.value;
  const unitIn = ({ asset }: Plan['pays'][number]) =>
    unitOf(
      {
        address: asset.address ?? null,
        symbol: asset.symbol ?? null,
        decimals: asset.decimals ?? null,
      },
      nativeSymbol,
    );
  // Of one-asset tokens the coin pays nothing, ever.
  const paid = plan.pays.filter(
    ({ paysWei, accruingWei }, index) => index === 0 || paysWei + accruingWei > 0n,
  );
  const gained = paid.map((pay) => amountText(pay.paysWei, unitIn(pay))).join(' + ');
  const burned = amountText(plan.amount, {
    symbol: cutSymbol(token.symbol),
    decimals: token.decimals ?? 0,
  });
  const { gasUnavailable, ...transaction } = plan.transaction;
  return (
    <>
      <dl class="figures narrow" aria-live="polite">
        {paid.map((pay) => (
          <div class="figure" key={pay.asset.address}>
            <dt>{t.burnPays}</dt>
            <dd>
              <Amount value={pay.paysWei} unit={unitIn(pay)} />
              <span class="note">
                <Say
                  text={t.burnGivesUp}
                  now={<Amount value={pay.accruingWei} unit={unitIn(pay)} />}
                  after={<Amount value={pay.accruingAfterWei} unit={unitIn(pay)} />}
                />
              </span>
            </dd>
          </div>
        ))}
      </dl>
      {gasUnavailable != null && (
        <p class="notice warning">
          <Say text={t.nodeSays} reason={<bdi>{gasUnavailable}</bdi>} />
        </p>
      )}
      <p>{t.burnEnds}</p>
      <Action
        transaction={transaction}
        links={wholeLink(plan.link)}
        label={wallet.burn(burned, gained)}
        isReady={isReady}
      />
    </>
  );
}

function leastOf(first: bigint, second: bigint): bigint {
  if (first < second) return first;
  return second;
}

/** A value once it has not changed for a moment. */
function useStill(value: bigint): bigint {
  const [still, setStill] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setStill(value), STILL_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return still;
}
