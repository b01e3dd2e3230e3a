import { type Address, addressFault, checksummed } from '../../address.js';
import { personOf } from '../../books/person.js';
import { closest } from '../../config/file/closest.js';
import type { ImoError } from '../../errors.js';
import { MOMENT_FORMS, parseMomentText } from '../../momentText.js';
import { LAST_BLOCK, LAST_NUMBER } from '../../store/ids.js';
import { ACCOUNT_KINDS, type AccountKind } from '../../store/read/accounts/accountKinds.js';
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
  /** Only of these; empty: of all. */
  readonly tokens: readonly Address[];
  /** Only of these; empty: of all. */
  readonly holders: readonly Address[];
  readonly snapshotId: number | null;
  /** Only accounts that are contracts, or only others; `null`: all. */
  readonly isContract: boolean | null;
  /** Only accounts of these kinds; empty: of all. */
  readonly kinds: readonly AccountKind[];
  readonly from: Bound | null;
  readonly to: Bound | null;
  readonly at: Moment | null;
  /** The currency of values. */
  readonly currency: string | null;
  /** `row_id` of the last row that is there already; needs `resume`. */
  readonly cursor: string | null;
  /** The resume point of an earlier export (`ResumePoint`): the same rows again. */
  readonly resume: string | null;
}

const OPTIONS = [
  'format',
  'chain',
  'token',
  'holder',
  'snapshot',
  'isContract',
  'kind',
  'from',
  'to',
  'at',
  'currency',
  'cursor',
  'resume',
] as const;

/** Options that may be given several times. */
export const REPEATABLE_OPTIONS: readonly string[] = ['token', 'holder', 'kind'];

/** Options as texts, as a URL or a command line has them. */
export type ExportTexts = {
  readonly [Option in Exclude<(typeof OPTIONS)[number], 'token' | 'holder' | 'kind'>]?:
    | string
    | undefined;
} & {
  readonly token?: string | readonly string[] | undefined;
  readonly holder?: string | readonly string[] | undefined;
  readonly kind?: string | readonly string[] | undefined;
};

/**
 * Reads the options of an export.
 *
 * @throws ImoError `EXPORT_UNKNOWN_DATASET`, `EXPORT_BAD_OPTION` or `BAD_PERSON`
 */
export function parseExportRequest(name: string, texts: ExportTexts): ExportRequest {
  const dataset = datasetNamed(name);
  assertKnown(Object.keys(texts));
  const request: ExportRequest = {
    dataset,
    format: parseFormat(texts.format),
    chainId: parseInteger('chain', texts.chain, LAST_BLOCK),
    tokens: parseAddresses('token', texts.token),
    holders: parseAddresses('holder', texts.holder),
    snapshotId: parseInteger('snapshot', texts.snapshot, LAST_NUMBER),
    isContract: parseYesNo('isContract', texts.isContract),
    kinds: parseKinds(texts.kind),
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
  const { from, to, snapshotId, currency, cursor, resume } = request;
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
  assertOwners(dataset, request, refuse);
  assertKinds(dataset, request, refuse);
  if (currency !== null && dataset.priced === undefined) {
    throw refuse('currency', 'It tells no values; leave it out.');
  }
  if (cursor !== null && !dataset.isResumable) {
    throw refuse('cursor', 'It is small: export it again.');
  }
  if (resume !== null && !dataset.isResumable) {
    throw refuse('resume', 'It is small: export it again.');
  }
  if (cursor !== null && resume === null) {
    throw badOption(
      '"cursor" needs "resume"',
      'Give the row_id of the last whole row as cursor, and the header X-Imo-Resume of the interrupted export.',
    );
  }
}

/** Refuses tokens and holders that a dataset cannot be narrowed to. */
function assertOwners(
  dataset: Dataset,
  { tokens, holders }: Omit<ExportRequest, 'dataset'>,
  refuse: (option: string, hint: string) => ImoError,
): void {
  if (tokens.length > 0 && dataset.hasNoToken === true) {
    throw refuse('token', 'Its rows belong to no token: leave it out, and filter the rows.');
  }
  if (holders.length > 0 && !dataset.takes.includes('holder')) {
    throw refuse('holder', 'Leave it out, and filter the rows.');
  }
  if (holders.length > 0 && dataset.needsHolder) personOf(holders);
  if (holders.length === 0 && dataset.needsHolder) {
    throw badOption(
      `the dataset ${dataset.name} is about a holder, and none is named`,
      'Give "holder" with an address, or several of one person.',
    );
  }
}

/** Refuses conditions on what holders are where the rows are not of holders. */
function assertKinds(
  { takes }: Dataset,
  { isContract, kinds }: Omit<ExportRequest, 'dataset'>,
  refuse: (option: string, hint: string) => ImoError,
): void {
  const [given] = [
    isContract === null ? [] : ['isContract'],
    kinds.length === 0 ? [] : ['kind'],
  ].flat();
  if (given === undefined || takes.includes('isContract/kind')) return;
  throw refuse(given, 'Only holders can be filtered by what they are; join this file with theirs.');
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

export function parseInteger(
  option: string,
  text: string | undefined,
  most: number,
): number | null {
  if (text === undefined) return null;
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= most) return value;
  throw badOption(`"${option}" is "${text}"`, `It must be a whole number up to ${most}.`);
}

function parseYesNo(option: string, text: string | undefined): boolean | null {
  if (text === undefined) return null;
  if (text === 'true' || text === 'false') return text === 'true';
  throw badOption(`"${option}" is "${text}"`, 'It must be true or false.');
}

function parseKinds(given: string | readonly string[] | undefined): readonly AccountKind[] {
  const texts = typeof given === 'string' ? [given] : (given ?? []);
  const kinds = texts.map((text) => {
    const kind = ACCOUNT_KINDS.find((known) => known === text);
    if (kind !== undefined) return kind;
    const meant = closest(text, ACCOUNT_KINDS);
    throw badOption(
      `"kind" is "${text}"`,
      `${meant === null ? '' : `Did you mean ${meant}? `}Kinds: ${ACCOUNT_KINDS.join(', ')}.`,
    );
  });
  return [...new Set(kinds)];
}

export function parseAddresses(
  option: string,
  given: string | readonly string[] | undefined,
): readonly Address[] {
  const texts = typeof given === 'string' ? [given] : (given ?? []);
  return [...new Set(texts.map((text) => parseAddress(option, text)))];
}

function parseAddress(option: string, text: string): Address {
  const fault = addressFault(text);
  const address = text.toLowerCase() as Address;
  if (fault === null) return address;
  if (fault === 'form') {
    throw badOption(`"${option}" is "${text}"`, 'It must be an address: 0x and 40 hex digits.');
  }
  throw badOption(
    `"${option}" is "${text}", whose checksum is wrong: a digit or the case of a letter was changed`,
    `Copy the address again. If every digit is right, write ${checksummed(address)}.`,
  );
}

/** A block, or the first or the last moment of a time, day, month or year in UTC. */
function parseMoment(
  option: string,
  text: string | undefined,
  end: 'first' | 'last',
): Bound | null {
  if (text === undefined) return null;
  const named = parseMomentText(text);
  if (named === null) throw badOption(`"${option}" is "${text}"`, `It must be ${MOMENT_FORMS}.`);
  return 'block' in named ? named : { time: named[end] };
}

function momentOf(bound: Bound | null): Moment | null {
  if (bound === null) return null;
  return 'block' in bound ? { block: bound.block } : { timestamp: bound.time };
}
