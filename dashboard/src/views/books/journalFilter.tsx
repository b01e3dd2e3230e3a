import { useState } from 'preact/hooks';
import { isAddress } from '../../format/addresses.js';
import type { JournalFilter, JournalKind } from '../../ledger/generated/books.js';
import { type Parameters, useParameters } from '../../place/parameters.js';
import { texts } from '../../texts/texts.js';
import type { BooksContract } from './contracts.js';

const KINDS: Readonly<Record<BooksContract['kind'], readonly JournalKind[]>> = {
  TOKEN: ['RECEIPT', 'SNAPSHOT', 'ROLL_OVER', 'TERMS', 'CLAIM', 'REDEMPTION'],
  ORACLE: ['OPENING', 'ACCRUAL', 'PAYOUT', 'TOKEN_CHANGE'],
  SALE: ['DEPOSIT', 'PURCHASE', 'REFUND', 'SELL', 'FINALISATION'],
};
const FIELDS = ['kind', 'account', 'holder', 'from', 'to'] as const;

/** The filter of the URL. A part that cannot be read is left out by the form before it gets there. */
export function filterOf(
  { chainId, address, kind: of }: BooksContract,
  { kind, account, holder, from, to }: Parameters,
): JournalFilter {
  const known = KINDS[of].find((one) => one === kind);
  return {
    chainId,
    contract: address,
    ...(known === undefined ? {} : { kind: known }),
    ...(account === undefined ? {} : { account }),
    ...(holder === undefined ? {} : { holder }),
    ...(from === undefined && to === undefined ? {} : { timestamp: daysOf(from, to) }),
  };
}

/** Whole days in UTC, as everywhere in the ledger. */
function daysOf(from: string | undefined, to: string | undefined) {
  return {
    ...(from === undefined ? {} : { gte: `${from}T00:00:00Z` }),
    ...(to === undefined ? {} : { lte: `${to}T23:59:59Z` }),
  };
}

/** Takes what is wanted of the journal into the URL. */
export function JournalFilterForm({ contract }: { readonly contract: BooksContract }) {
  const { books: t } = texts.value;
  const { parameters, change } = useParameters();
  const [isWrong, setWrong] = useState(false);
  const apply = (event: Event) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget as HTMLFormElement);
    const wanted = Object.fromEntries(
      FIELDS.map((name) => [name, String(given.get(name) ?? '').trim()]),
    );
    const isRight = wanted.holder === '' || isAddress(wanted.holder ?? '');
    setWrong(!isRight);
    if (isRight) change({ ...wanted, after: null });
  };
  const isFiltered = FIELDS.some((name) => parameters[name] !== undefined);
  return (
    <form class="filter" onSubmit={apply} key={FIELDS.map((name) => parameters[name]).join('|')}>
      <div>
        <label for="journal-kind">{t.kind}</label>
        {/* Not `value`: a choice that is not applied yet has to stay when the page is drawn again. */}
        <select id="journal-kind" name="kind">
          <option value="">{t.allKinds}</option>
          {KINDS[contract.kind].map((kind) => (
            <option key={kind} value={kind} selected={kind === parameters.kind}>
              {t.kinds[kind]}
            </option>
          ))}
        </select>
      </div>
      <div>
        <label for="journal-account">{t.account}</label>
        <input
          id="journal-account"
          name="account"
          autocomplete="off"
          spellcheck={false}
          placeholder="claimable/1"
          defaultValue={parameters.account ?? ''}
        />
      </div>
      <div class="wide">
        <label for="journal-holder">{t.holder}</label>
        <input
          id="journal-holder"
          name="holder"
          class="hex"
          autocomplete="off"
          spellcheck={false}
          placeholder="0x…"
          defaultValue={parameters.holder ?? ''}
          aria-invalid={isWrong}
          aria-describedby={isWrong ? 'journal-holder-wrong' : undefined}
        />
        {isWrong && (
          <p id="journal-holder-wrong" class="wrong" role="alert">
            {t.notAnAddress}
          </p>
        )}
      </div>
      <div>
        <label for="journal-from">{t.from}</label>
        <input id="journal-from" name="from" type="date" defaultValue={parameters.from ?? ''} />
      </div>
      <div>
        <label for="journal-to">{t.to}</label>
        <input id="journal-to" name="to" type="date" defaultValue={parameters.to ?? ''} />
      </div>
      <div class="buttons">
        <button type="submit" class="button main">
          {t.apply}
        </button>
        {isFiltered && (
          <button
            type="button"
            class="button"
            onClick={() =>
              change({ ...Object.fromEntries(FIELDS.map((name) => [name, null])), after: null })
            }
          >
            {t.showAll}
          </button>
        )}
      </div>
    </form>
  );
}
