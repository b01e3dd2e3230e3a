import { ledger } from '../../ledger/client.js';
import type { Currencies } from '../../ledger/currencies.js';
import {
  type AtInput,
  PersonWorthDocument,
  type PersonWorthQuery,
} from '../../ledger/generated/holder.js';
import { isPassing, useAnswer } from '../../ledger/useAnswer.js';
import { texts } from '../../texts/texts.js';

/** What a person is owed and was paid, over all tokens and assets, in the currency of the reader. */
export type PersonWorth = NonNullable<PersonWorthQuery['person']>['values'];

/** What is known of it. */
export interface KnownWorth {
  /** `null`: no currency is known, or the values are not there yet. */
  readonly worth: PersonWorth | null;
  /** It is asked for, and may come. */
  readonly isComing: boolean;
}

export function usePersonWorth(
  holders: readonly string[],
  { all, chosen }: Currencies,
  at: AtInput | undefined,
): KnownWorth {
  const key = chosen === null ? null : `worth ${holders} ${chosen} ${JSON.stringify(at)}`;
  const { data, failure } = useAnswer(key, async (signal) => {
    const variables = { holders: [...holders], currency: chosen ?? '', at };
    const answer = await ledger.query(PersonWorthDocument, variables, signal);
    return { data: answer.data.person?.values ?? null, marks: answer.marks };
  });
  const isAsked = all === null || chosen !== null;
  const mayCome = data === null && (failure === null || isPassing(failure));
  return { worth: data, isComing: isAsked && mayCome };
}

/** Chooses the currency, where there are several. */
export function CurrencyChoice({ all, chosen, choose }: Currencies) {
  const { holder: t } = texts.value;
  if (all === null || all.length < 2 || chosen === null) return null;
  return (
    <>
      <label class="unseen" for="currency">
        {t.currency}
      </label>
      <select
        id="currency"
        class="small"
        value={chosen}
        onChange={(event) => choose(event.currentTarget.value)}
      >
        {all.map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </select>
    </>
  );
}
