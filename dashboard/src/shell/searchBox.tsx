import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { shortHex } from '../format/addresses.js';
import { count } from '../format/amounts.js';
import { Lens } from '../parts/icons.js';
import { links } from '../place/links.js';
import { Say } from '../texts/say.js';
import { texts } from '../texts/texts.js';
import { cut, tokenTitle } from '../views/tokenName.js';
import { addressesOf, type Found, type Hit, placeOf, search, useSearch } from './search.js';

/** Finds a holder, a token, a sale, a model's oracle, a collection or a transaction. */
export function SearchBox({ isLarge = false }: { readonly isLarge?: boolean }) {
  const { search: t } = texts.value;
  const { route } = useLocation();
  const [text, setText] = useState('');
  const [isOpen, setOpen] = useState(false);
  const [chosen, setChosen] = useState(-1);
  const [refused, setRefused] = useState<Found | null>(null);
  const found = useSearch(text);
  const hits = found?.hits ?? [];
  const id = isLarge ? 'search-large' : 'search';
  const isShown = isOpen && hits.length > 0;
  const leave = (place: string) => {
    setOpen(false);
    setChosen(-1);
    route(place);
  };
  const go = async (event: Event) => {
    event.preventDefault();
    const hit = isShown ? hits[chosen] : undefined;
    if (hit !== undefined) return leave(placeOf(hit));
    const addresses = addressesOf(text);
    if (addresses !== null && addresses.length > 1) return leave(links.holder(addresses));
    const trimmed = text.trim();
    if (trimmed === '') return;
    const answer = found?.text === trimmed ? found : await search(trimmed);
    const [first] = answer.hits;
    if (first !== undefined) leave(placeOf(first));
    // Somebody who never held anything is still somebody.
    else if (addresses !== null) leave(links.holder(addresses));
    else setRefused(answer);
  };
  const move = (event: KeyboardEvent) => {
    if (event.key === 'Escape') setOpen(false);
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by === undefined || hits.length === 0) return;
    event.preventDefault();
    setOpen(true);
    // Before the first there is the text itself.
    setChosen(((chosen + 1 + by + hits.length + 1) % (hits.length + 1)) - 1);
  };
  return (
    <search class={isLarge ? 'search large' : 'search'}>
      <form onSubmit={go}>
        <label class="unseen" for={id}>
          {t.label}
        </label>
        <input
          id={id}
          role="combobox"
          value={text}
          placeholder={isLarge ? t.label : t.short}
          autocomplete="off"
          spellcheck={false}
          aria-expanded={isShown}
          aria-controls={`${id}-hits`}
          aria-autocomplete="list"
          aria-activedescendant={isShown && chosen >= 0 ? `${id}-${chosen}` : undefined}
          aria-invalid={refused !== null}
          aria-describedby={refused === null ? undefined : `${id}-wrong`}
          onInput={(event) => {
            setText(event.currentTarget.value);
            setRefused(null);
            setChosen(-1);
            setOpen(true);
          }}
          onFocus={() => setOpen(true)}
          onBlur={() => setOpen(false)}
          onKeyDown={move}
        />
        {isLarge ? (
          <button type="submit" class="button main">
            {t.go}
          </button>
        ) : (
          <button type="submit" class="button icon" aria-label={t.go}>
            <Lens />
          </button>
        )}
        <div
          id={`${id}-hits`}
          class="hits"
          role="listbox"
          aria-label={t.hits}
          hidden={!isShown}
          tabIndex={-1}
        >
          {hits.map((hit, index) => (
            <div
              key={placeOf(hit) + hit.kind}
              id={`${id}-${index}`}
              class="hit"
              role="option"
              tabIndex={-1}
              aria-selected={index === chosen}
              // Before the input loses the focus, and the list goes.
              onMouseDown={(event) => {
                event.preventDefault();
                leave(placeOf(hit));
              }}
            >
              <bdi class="hit-name">{nameOf(hit)}</bdi>
              <span class="muted small">{t.kinds[hit.kind]}</span>
              <span class="muted small hex">{detailOf(hit)}</span>
            </div>
          ))}
        </div>
        <p class="unseen" role="status">
          {isShown && t.count(count(hits.length))}
        </p>
        {refused !== null && (
          <p id={`${id}-wrong`} class="wrong" role="alert">
            <Refusal found={refused} />
          </p>
        )}
      </form>
    </search>
  );
}

/** Why a text leads nowhere. */
function Refusal({ found: { text, failure, isIncomplete } }: { readonly found: Found }) {
  const { search: t, failures } = texts.value;
  if (failure?.code === 'BAD_SEARCH') return <>{t.tooShort}</>;
  if (failure?.code === 'BAD_ADDRESS') return <>{t.badAddress}</>;
  if (failure !== null) {
    const own = failures.byCode[failure.code];
    return (
      <>
        {own?.what ?? failures.refused} {own === undefined && <bdi>{cut(failure.message)}</bdi>}
      </>
    );
  }
  return (
    <>
      <Say text={t.nothing} given={<bdi>{cut(text)}</bdi>} /> {isIncomplete && t.incomplete}
    </>
  );
}

function nameOf({ label, name, symbol, symbolOnChain, address, transactionHash }: Hit): string {
  if (label != null) return cut(label);
  if (address != null) return tokenTitle({ address, name, symbol, symbolOnChain });
  return shortHex(transactionHash ?? '');
}

function detailOf({ address, block }: Hit): string {
  const { moment } = texts.value;
  if (address != null) return shortHex(address);
  return block == null ? '' : moment.block(count(block));
}
