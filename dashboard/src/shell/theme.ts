import { signal } from '@preact/signals';

const KEPT_AS = 'imo-ledger-theme';

export type Theme = 'light' | 'dark';

/** The theme now: the one chosen last, else that of the system. */
export const theme = signal<Theme>(chosen() ?? system());
theme.subscribe((now) => {
  document.documentElement.dataset.theme = now;
});

export function chooseTheme(next: Theme): void {
  theme.value = next;
  try {
    localStorage.setItem(KEPT_AS, next);
  } catch {
    // It holds for this page.
  }
}

function chosen(): Theme | null {
  try {
    const kept = localStorage.getItem(KEPT_AS);
    return kept === 'light' || kept === 'dark' ? kept : null;
  } catch {
    return null;
  }
}

function system(): Theme {
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}
