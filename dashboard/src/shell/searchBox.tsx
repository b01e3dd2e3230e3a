import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { isAddress } from '../format/addresses.js';
import { links } from '../place/links.js';
import { texts } from '../texts/texts.js';

/** Takes an address, or several, to what its holder is owed. */
export function SearchBox({ isLarge = false }: { readonly isLarge?: boolean }) {
  const { search } = texts.value;
  const { route } = useLocation();
  const [text, setText] = useState('');
  const [isWrong, setWrong] = useState(false);
  const id = isLarge ? 'search-large' : 'search';
  const go = (event: Event) => {
    event.preventDefault();
    const addresses = text.split(/[\s,;]+/).filter((part) => part !== '');
    const isRight = addresses.length > 0 && addresses.every(isAddress);
    setWrong(!isRight);
    if (isRight) route(links.holder(addresses));
  };
  return (
    <search class={isLarge ? 'search large' : 'search'}>
      <form onSubmit={go}>
        <label class="unseen" for={id}>
          {search.label}
        </label>
        <input
          id={id}
          value={text}
          placeholder={search.placeholder}
          autocomplete="off"
          spellcheck={false}
          aria-invalid={isWrong}
          aria-describedby={isWrong ? `${id}-wrong` : undefined}
          onInput={(event) => {
            setText(event.currentTarget.value);
            setWrong(false);
          }}
        />
        <button type="submit" class="button main">
          {search.go}
        </button>
        {isWrong && (
          <p id={`${id}-wrong`} class="wrong" role="alert">
            {search.wrong}
          </p>
        )}
      </form>
    </search>
  );
}
