import { signal } from '@preact/signals';
import type { AtInput } from '../ledger/generated/start.js';

/** `at` of the URL as it is; `null`: now. The shell keeps it. */
export const momentParameter = signal<string | null>(null);

/** The moment of the page as queries take it; `undefined`: now. */
export function atOfPage(): AtInput | undefined {
  const moment = momentOf(momentParameter.value);
  return moment.kind === 'then' ? moment.at : undefined;
}

/** What a reader may ask for as a moment. */
export type Moment =
  | { readonly kind: 'now' }
  | { readonly kind: 'then'; readonly at: AtInput; readonly text: string }
  | { readonly kind: 'unreadable'; readonly text: string };

/**
 * Reads a moment: a block, or a time as `2026-03-01` or `2026-03-01T12:00Z`. A time without a zone is UTC, as
 * everywhere in the ledger.
 */
export function momentOf(text: string | null): Moment {
  const given = text?.trim() ?? '';
  if (given === '') return { kind: 'now' };
  const plain = given.replace(/[\s,\u202f]/g, '');
  if (/^\d{1,16}$/.test(plain)) {
    return { kind: 'then', at: { block: Number(plain) }, text: given };
  }
  const time = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d)?)?(Z|[+-]\d\d:\d\d)?$/.exec(given);
  if (time === null) return { kind: 'unreadable', text: given };
  const [, day = '', minutes = '00:00', seconds = ':00', zone = 'Z'] = time;
  const moment = new Date(`${day}T${minutes}${seconds}${zone}`);
  if (Number.isNaN(moment.getTime()) || !isDay(day)) return { kind: 'unreadable', text: given };
  return { kind: 'then', at: { timestamp: moment.toISOString() }, text: given };
}

/** Browsers take 30 February for 2 March. */
function isDay(day: string): boolean {
  return new Date(`${day}T00:00Z`).toISOString().startsWith(day);
}
