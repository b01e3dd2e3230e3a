import type { Address } from '../../address.js';
import { closest } from '../../config/file/closest.js';
import { beginsWithRealDay } from '../../isoDay.js';
import { LAST_BLOCK, LAST_NUMBER } from '../../store/ids.js';
import type { Moment } from '../../store/read/chains/asOf.js';
import { datasetNamed } from '../catalogue.js';
import type { Dataset } from '../columns/dataset.js';
import { parseCurrency } from '../columns/priced.js';
import type { Bound } from '../columns/scope.js';
import { badOption } from '../exportErrors.js';

/** What an export can be written as. */
export const EXPORT_FORMATS = ['csv', 'jsonl', 'parquet'] as const;

export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** What is to be exported, by names only; nothing is looked up yet. */
export interface ExportRequest {
  readonly dataset: Dataset;
  readonly format: ExportFormat;
  readonly chainId: number | null;
  readonly token: Address | null;
  readonly holder: Address | null;
  readonly snapshotId: number | null;
  readonly from: Bound | null;
  readonly to: Bound | null;
  readonly at: Moment | null;
  /** The currency of values. */
  readonly currency: string | null;
  /** `row_id` of the last row that is there already; goes with `resume`. */
  readonly cursor: string | null;
  /** The resume point of the interrupted export (`ResumePoint`). */
  readonly resume: string | null;
}

const OPTIONS = [
  'format',
  'chain',
  'token',
  'holder',
  'snapshot',
  'from',
  'to',
  'at',
  'currency',
  'cursor',
  'resume',
] as const;

/** Options as texts, as a URL or a command line has them. */
export type ExportTexts = { readonly [Option in (typeof OPTIONS)[number]]?: string | undefined };

/**
 * Reads the options of an export.
 *
 * @throws ImoError `EXPORT_UNKNOWN_DATASET` or `EXPORT_BAD_OPTION`
 */
export function parseExportRequest(name: string, texts: ExportTexts): ExportRequest {
  const dataset = datasetNamed(name);
  assertKnown(Object.keys(texts));
  const request: ExportRequest = {
    dataset,
    format: parseFormat(texts.format),
    chainId: parseInteger('chain', texts.chain, LAST_BLOCK),
    token: parseAddress('token', texts.token),
    holder: parseAddress('holder', texts.holder),
    snapshotId: parseInteger('snapshot', texts.snapshot, LAST_NUMBER),
    from: parseMoment('from', texts.from, 'first'),
    to: parseMoment('to', texts.to, 'last'),
    at: momentOf(parseMoment('at', texts.at, 'last')),
    currency: parseCurrency(texts.currency),
    cursor: texts.cursor ?? null,
    resume: texts.resume ?? null,
  };
  assertTaken(request);
  return request;
}

function assertKnown(names: readonly string[]): void {
  for (const name of names) {
    if (OPTIONS.some((option) => option === name)) continue;
    const meant = closest(name, OPTIONS);
    throw badOption(
      `an export has no option "${name}"`,
      `${meant === null ? '' : `Did you mean ${meant}? `}Options: ${OPTIONS.join(', ')}.`,
    );
  }
}

function assertTaken({ dataset, ...request }: ExportRequest): void {
  const { from, to, holder, snapshotId, at, currency, cursor, resume } = request;
  const refuse = (option: string, hint: string) =>
    badOption(`the dataset ${dataset.name} takes no "${option}"`, hint);
  if ((from ?? to) !== null && !dataset.takes.includes('from/to')) {
    throw refuse('from" or "to', 'It shows one moment: give "at".');
  }
  if (isBackward(from, to)) {
    throw badOption('"from" is later than "to"', 'Both ends belong to the range; swap them.');
  }
  if (snapshotId !== null && !dataset.takes.includes('snapshot')) {
    throw refuse(
      'snapshot',
      'Only entitlements can be filtered by snapshot; use "at" for a moment.',
    );
  }
  if (holder !== null && !dataset.takes.includes('holder')) {
    throw refuse('holder', 'Leave it out, and filter the rows.');
  }
  if (holder === null && dataset.needsHolder) {
    throw badOption(
      `the dataset ${dataset.name} is about one holder, and none is named`,
      'Give "holder" with an address.',
    );
  }
  if (currency !== null && dataset.priced === undefined) {
    throw refuse('currency', 'It tells no values; leave it out.');
  }
  if (cursor !== null && !dataset.isResumable) {
    throw refuse('cursor', 'It is small: export it again.');
  }
  if ((cursor === null) !== (resume === null)) {
    throw badOption(
      '"cursor" and "resume" go together',
      'Give the row_id of the last whole row as cursor, and the header X-Imo-Resume of the interrupted export.',
    );
  }
  if (resume !== null && at !== null) {
    throw refuse(
      'at" with "resume',
      'A resumed export continues as of the moment at which it started.',
    );
  }
}

/** Of a block and a time, only the chain knows which comes first. */
function isBackward(from: Bound | null, to: Bound | null): boolean {
  if (from === null || to === null) return false;
  if ('block' in from) return 'block' in to && from.block > to.block;
  return 'time' in to && from.time > to.time;
}

function parseFormat(text = 'csv'): ExportFormat {
  const format = EXPORT_FORMATS.find((known) => known === text);
  if (format !== undefined) return format;
  const meant = closest(text, EXPORT_FORMATS);
  throw badOption(
    `"${text}" is not a format`,
    `${meant === null ? '' : `Did you mean ${meant}? `}Formats: ${EXPORT_FORMATS.join(', ')}.`,
  );
}

function parseInteger(option: string, text: string | undefined, most: number): number | null {
  if (text === undefined) return null;
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= most) return value;
  throw badOption(`"${option}" is "${text}"`, `It must be a whole number up to ${most}.`);
}

function parseAddress(option: string, text: string | undefined): Address | null {
  if (text === undefined) return null;
  if (/^0x[0-9a-f]{40}$/i.test(text)) return text.toLowerCase() as Address;
  throw badOption(`"${option}" is "${text}"`, 'It must be an address: 0x and 40 hex digits.');
}

const DATE = /^\d{4}-\d\d-\d\d$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

/** A block, a time, or a date in UTC, of which the first or the last moment is meant. */
function parseMoment(
  option: string,
  text: string | undefined,
  end: 'first' | 'last',
): Bound | null {
  if (text === undefined) return null;
  if (/^\d+$/.test(text) && Number(text) <= LAST_BLOCK) return { block: Number(text) };
  const time = new Date(
    DATE.test(text) ? `${text}T${end === 'first' ? '00:00:00' : '23:59:59'}Z` : text,
  );
  const isReal = !Number.isNaN(time.getTime()) && beginsWithRealDay(text);
  if ((DATE.test(text) || TIME.test(text)) && isReal) return { time };
  throw badOption(
    `"${option}" is "${text}"`,
    'It must be a block number, a date (2025-01-31, in UTC) or a time (2025-01-31T12:00:00Z).',
  );
}

function momentOf(bound: Bound | null): Moment | null {
  if (bound === null) return null;
  return 'block' in bound ? { block: bound.block } : { timestamp: bound.time };
}
