import { computed, signal } from '@preact/signals';
import { german } from './de.js';
import { english, type Texts } from './en.js';

/** Every language of the page: one file each. */
export const LANGUAGES: Readonly<Record<string, { readonly name: string; readonly texts: Texts }>> =
  {
    en: { name: 'English', texts: english },
    de: { name: 'Deutsch', texts: german },
  };

const KEPT_AS = 'imo-ledger-language';

/** The language of the reader: the one chosen last, else the first that the browser asks for and the page has. */
export const language = signal(chosen() ?? wanted() ?? 'en');
export const texts = computed<Texts>(() => (LANGUAGES[language.value] ?? { texts: english }).texts);

export function chooseLanguage(code: string): void {
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
