import { useState } from 'preact/hooks';
import { momentOf, momentParameter } from '../place/moment.js';
import { texts } from '../texts/texts.js';

/** Chooses the moment of the whole page: a block or a time. It is in the URL. */
export function MomentPicker({ onChoose }: { readonly onChoose: (moment: string | null) => void }) {
  const { moment: t } = texts.value;
  const [text, setText] = useState(momentParameter.value ?? '');
  const [isWrong, setWrong] = useState(false);
  const choose = (event: Event) => {
    event.preventDefault();
    const moment = momentOf(text);
    setWrong(moment.kind === 'unreadable');
    if (moment.kind === 'unreadable') return;
    onChoose(moment.kind === 'now' ? null : moment.text);
    (event.target as HTMLElement).closest('details')?.removeAttribute('open');
  };
  return (
    <details class="menu">
      <summary class="button quiet">{t.title}</summary>
      <form class="menu-body" onSubmit={choose}>
        <label for="moment">{t.label}</label>
        <input
          id="moment"
          value={text}
          placeholder="2026-03-01"
          autocomplete="off"
          aria-invalid={isWrong}
          aria-describedby="moment-note"
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <p id="moment-note" class={isWrong ? 'wrong' : 'muted small'}>
          {isWrong ? t.wrong : t.note}
        </p>
        <button type="submit" class="button main">
          {t.go}
        </button>
      </form>
    </details>
  );
}
