import { computed, signal } from '@preact/signals';
import { writeWithPoint } from '../format/amounts.js';
import { dateLocale } from '../format/times.js';
import { english, type Texts } from './en.js';

/** Every language of the page: one file each, which is loaded when it is read. */
export const LANGUAGES: Readonly<
  Record<string, { readonly name: string; readonly load: () => Promise<Texts> }>
> = {
  en: { name: 'English', load: () => Promise.resolve(english) },
  de: { name: 'Deutsch', load: () => import('./de.js').then(({ german }) => german) },
};

const KEPT_AS = 'imo-ledger-language';

/** The language of the reader: the one chosen last, else the first that the browser asks for and the page has. */
export const language = signal(chosen() ?? wanted() ?? 'en');
/** How the reader's browser writes dates of that language: in English as in Britain or as in America. */
export const locale = computed(() => dateLocale(navigator.languages, language.value));
const loaded = signal<Readonly<Record<string, Texts>>>({ en: english });
export const texts = computed<Texts>(() => loaded.value[language.value] ?? english);
texts.subscribe(({ amounts }) => writeWithPoint(amounts.point));

/** Resolves once the texts of the reader's language are there; without them, the page is in English. */
export const languageIsReady = load(language.value).catch(() => undefined);

async function load(code: string): Promise<void> {
  const more = await LANGUAGES[code]?.load();
  if (more !== undefined) loaded.value = { ...loaded.value, [code]: more };
}

export async function chooseLanguage(code: string): Promise<void> {
  try {
    await load(code);
  } catch {
    // The server is gone: the language stays.
    return;
  }
  language.value = code;
  document.documentElement.lang = code;
  keep(code);
}

document.documentElement.lang = language.value;

function wanted(): string | undefined {
  return navigator.languages.map((tag) => tag.slice(0, 2)).find((code) => code in LANGUAGES);
}

function chosen(): string | undefined {
  try {
    const code = localStorage.getItem(KEPT_AS);
    return code !== null && code in LANGUAGES ? code : undefined;
  } catch {
    // A browser may forbid to keep anything.
    return undefined;
  }
}

function keep(code: string): void {
  try {
    localStorage.setItem(KEPT_AS, code);
  } catch {
    // Then it is asked for again next time.
  }
}
