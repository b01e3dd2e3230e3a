import type { ComponentType } from 'preact';
import { lazy } from 'preact-iso';
import { texts } from '../texts/texts.js';

/** A view that is loaded when it is opened. */
export function later<Props>(load: () => Promise<ComponentType<Props>>) {
  return lazy(() => load().catch((): ComponentType<Props> => NotLoaded));
}

function NotLoaded() {
  const { what } = texts.value.failures.byCode.UNREACHABLE ?? { what: '' };
  return (
    <article class="view">
      <h1>{texts.value.failures.notLoaded}</h1>
      <p class="notice danger" role="alert">
        {what} {texts.value.failures.reload}
      </p>
      <button type="button" class="button" onClick={() => location.reload()}>
        {texts.value.failures.again}
      </button>
    </article>
  );
}
