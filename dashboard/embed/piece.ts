import { count } from '../src/format/amounts.js';
import { germanPieces } from '../src/texts/de.js';
import { englishPieces, type PieceTexts } from '../src/texts/en.js';
import { type Wanted, wantedBy } from './attributes.js';
import type { Figures, NoFigures } from './figures.js';
import { styles } from './styles.js';

/** Where the script came from. */
export const server = { base: new URL(location.href) };

const AGAIN_MS = 60_000;
const TEXTS: Readonly<Record<string, PieceTexts>> = { en: englishPieces, de: germanPieces };

export type State = 'loading' | 'ready' | 'held' | 'failed' | 'invalid';

/**
 * A figure of the ledger in a page of somebody else. It believes nothing of that page: attributes are checked, and
 * texts are never HTML. Its styles are its own, apart from the variables that it names.
 */
export abstract class Piece extends HTMLElement {
  static readonly observedAttributes = ['token', 'address', 'chain', 'lang'];

  private readonly root = this.attachShadow({ mode: 'open' });
  private figures: Figures | null = null;
  private following: AbortController | null = null;

  /** Whether the attribute `address` is one of its own. */
  protected abstract readonly takesAddress: boolean;
  protected abstract titleIn(texts: PieceTexts): string;
  protected abstract read(wanted: Wanted, signal: AbortSignal): Promise<Figures | NoFigures>;
  /** The path of the page that has more, from the root of the server. */
  protected abstract pathOf(wanted: Wanted): string;

  connectedCallback(): void {
    this.root.adoptedStyleSheets = [styles()];
    this.begin();
  }

  disconnectedCallback(): void {
    this.following?.abort();
  }

  attributeChangedCallback(_: string, before: string | null, after: string | null): void {
    if (this.isConnected && before !== after) this.begin();
  }

  private begin(): void {
    this.following?.abort();
    this.following = new AbortController();
    this.figures = null;
    const wanted = wantedBy((name) => this.getAttribute(name), this.takesAddress);
    const { texts } = this;
    if ('wrong' in wanted) {
      this.show('invalid', null, texts.wrong[wanted.wrong]);
      return;
    }
    this.show('loading', wanted, texts.loading);
    void this.follow(wanted, this.following.signal);
  }

  private async follow(wanted: Wanted, ended: AbortSignal): Promise<void> {
    while (!ended.aborted) {
      if (document.visibilityState === 'visible' || this.figures === null) {
        await this.ask(wanted, ended);
      }
      await pause(AGAIN_MS, ended);
    }
  }

  private async ask(wanted: Wanted, ended: AbortSignal): Promise<void> {
    const { texts } = this;
    try {
      const read = await this.read(wanted, ended);
      if (ended.aborted) return;
      if (typeof read === 'string') {
        this.figures = null;
        this.show('failed', wanted, texts[read]);
        return;
      }
      this.figures = read;
      const block = count(read.block);
      if (read.doubt === null) this.show('ready', wanted, texts.asOf.replace('{block}', block));
      else this.show('held', wanted, texts.doubts[read.doubt].replace('{block}', block));
    } catch {
      if (!ended.aborted) this.show('failed', wanted, texts.failed);
    }
  }

  private show(state: State, wanted: Wanted | null, note: string): void {
    this.setAttribute('state', state);
    const { texts } = this;
    const amounts = this.figures?.amounts.map(({ short, exact }) => {
      const amount = part('span', 'amount', short);
      amount.title = exact;
      return amount;
    });
    const parts = [
      part('span', 'label', this.titleIn(texts)),
      ...(amounts ?? [part('span', 'amount', '—')]),
      part('span', 'note', note),
    ];
    if (wanted !== null) {
      const link = part('a', 'link', texts.more) as HTMLAnchorElement;
      link.href = new URL(this.pathOf(wanted), server.base).href;
      link.target = '_blank';
      link.rel = 'noopener';
      parts.push(link);
    }
    const piece = part('div', 'piece', '');
    piece.setAttribute('aria-live', 'polite');
    piece.setAttribute('aria-busy', String(state === 'loading'));
    piece.append(...parts);
    this.root.replaceChildren(piece);
  }

  protected get texts(): PieceTexts {
    const language = this.closest<HTMLElement>('[lang]')?.lang ?? navigator.language;
    return TEXTS[language.slice(0, 2).toLowerCase()] ?? englishPieces;
  }
}

function part(tag: 'a' | 'div' | 'span', name: string, text: string): HTMLElement {
  const element = document.createElement(tag);
  element.setAttribute('part', name);
  element.textContent = text;
  return element;
}

function pause(ms: number, ended: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(finish, ms);
    ended.addEventListener('abort', finish, { once: true });
  });
}
