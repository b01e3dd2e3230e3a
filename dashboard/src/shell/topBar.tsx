import { useLocation } from 'preact-iso';
import { HAS_GRAPHIQL } from '../place/base.js';
import { links } from '../place/links.js';
import { chooseLanguage, LANGUAGES, language, texts } from '../texts/texts.js';
import { MomentPicker } from './momentPicker.js';
import { SearchBox } from './searchBox.js';
import { chooseTheme, theme } from './theme.js';

const PLACES = ['sales', 'models', 'collections', 'books', 'status'] as const;

/** Search, moment, theme and language; on a phone the places are at the bottom. */
export function TopBar({ onMoment }: { readonly onMoment: (moment: string | null) => void }) {
  const { shell: t } = texts.value;
  const { path } = useLocation();
  const isStart = path === new URL(links.start(), location.href).pathname;
  return (
    <header class="top">
      <div class="top-inner">
        <a class="brand" href={links.start()}>
          imo-ledger
        </a>
        <div class="top-search">{!isStart && <SearchBox />}</div>
        <nav class="places" aria-label={t.places}>
          <a href={links.start()} aria-current={isStart ? 'page' : undefined}>
            {t.offerings}
          </a>
          {PLACES.map((place) => (
            <a
              key={place}
              href={links[place]()}
              aria-current={path.endsWith(`/${place}`) ? 'page' : undefined}
            >
              {t[place]}
            </a>
          ))}
          {HAS_GRAPHIQL && (
            <a href={links.graphiql()} target="_blank" rel="noreferrer">
              API
            </a>
          )}
        </nav>
        <MomentPicker onChoose={onMoment} />
        <button
          type="button"
          class="button quiet icon"
          aria-label={theme.value === 'dark' ? t.light : t.dark}
          onClick={() => chooseTheme(theme.value === 'dark' ? 'light' : 'dark')}
        >
          <ThemeIcon />
        </button>
        <label class="unseen" for="language">
          {t.language}
        </label>
        <select
          id="language"
          value={language.value}
          onChange={(event) => chooseLanguage(event.currentTarget.value)}
        >
          {Object.entries(LANGUAGES).map(([code, { name }]) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </select>
      </div>
    </header>
  );
}

/** Half light, half dark. */
function ThemeIcon() {
  return (
    <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" class="theme-icon">
      <circle cx="10" cy="10" r="7.25" />
      <path d="M10 2.75a7.25 7.25 0 0 1 0 14.5z" />
    </svg>
  );
}
