import { links } from '../place/links.js';
import { Say } from '../texts/say.js';
import { texts } from '../texts/texts.js';
import { cut } from './tokenName.js';

/** An address of the page that nothing is at. */
export function NotFound({ text }: { readonly text: string }) {
  const { notFound } = texts.value;
  return (
    <article class="view">
      <h1>{notFound.title}</h1>
      <p>
        <Say text={notFound.reason} given={<bdi>{cut(text)}</bdi>} />
      </p>
      <p>
        <a class="button" href={links.start()}>
          {notFound.remedy}
        </a>
      </p>
    </article>
  );
}
