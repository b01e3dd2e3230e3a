import { useState } from 'preact/hooks';
import { isAddress } from '../../format/addresses.js';
import { texts } from '../../texts/texts.js';
import { Connect } from '../../wallet/connect.js';

/** Adds an address to the person, typed or of a wallet. */
export function AddAddress({ onAdd }: { readonly onAdd: (addresses: readonly string[]) => void }) {
  const { holder: t, search } = texts.value;
  const [text, setText] = useState('');
  const [isWrong, setWrong] = useState(false);
  const add = (event: Event) => {
    event.preventDefault();
    const addresses = text.split(/[\s,;]+/).filter((part) => part !== '');
    const isRight = addresses.length > 0 && addresses.every(isAddress);
    setWrong(!isRight);
    if (!isRight) return;
    setText('');
    (event.target as HTMLElement).closest('details')?.removeAttribute('open');
    onAdd(addresses);
  };
  return (
    <details class="menu">
      <summary class="button quiet">{t.add}</summary>
      <form class="menu-body left" onSubmit={add}>
        <label for="add-address">{t.addLabel}</label>
        <input
          id="add-address"
          value={text}
          placeholder="0x…"
          autocomplete="off"
          spellcheck={false}
          aria-invalid={isWrong}
          aria-describedby="add-note"
          onInput={(event) => {
            setText(event.currentTarget.value);
            setWrong(false);
          }}
        />
        <p id="add-note" class={isWrong ? 'wrong' : 'muted small'}>
          {isWrong ? search.badAddress : t.addNote}
        </p>
        <button type="submit" class="button main">
          {t.addGo}
        </button>
        <Connect onAccounts={onAdd} />
      </form>
    </details>
  );
}
