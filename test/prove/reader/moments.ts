import type { SeededRandom } from '../../../devnet/random.js';
import type { Clock } from './clock.js';

/** A moment in the words of each surface. */
export interface ReaderMoment {
  /** The figures are those of its end. */
  readonly block: number;
  /** In an answer of the API; `null`: the newest. */
  readonly at: { readonly block: number } | { readonly timestamp: string } | null;
  /** The end of a range, on the command line and in URLs; `null`: the newest. */
  readonly end: string | null;
  /** The start of a range that begins right after it. */
  readonly begin: string;
  /** A condition of the API for what came later. */
  readonly later: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** A condition of the API for what came until then. */
  readonly until: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly kind: MomentKind;
}

export const MOMENT_KINDS = ['head', 'block', 'time', 'day', 'month'] as const;
export type MomentKind = (typeof MOMENT_KINDS)[number];

const ZONES = ['Z', '+02:00', '-07:00', '+05:45', '-11:30', '+14:00'];
const MINUTE_MS = 60_000;

/** Draws a moment from a block on; another kind where the life has no such moment. */
export async function drawMoment(
  clock: Clock,
  random: SeededRandom,
  kind: MomentKind,
  firstBlock: number,
): Promise<ReaderMoment> {
  switch (kind) {
    case 'head':
      return { ...blockMoment(clock.head), at: null, end: null, kind };
    case 'block':
      return blockMoment(random.integer(firstBlock, clock.head));
    case 'time':
      return timeMoment(clock, random, random.integer(firstBlock, clock.head));
    case 'day':
    case 'month': {
      const ends = await endsBetween(clock, firstBlock, kind);
      const end = ends.length === 0 ? null : random.pick(ends);
      return end === null
        ? timeMoment(clock, random, random.integer(firstBlock, clock.head))
        : calendarMoment(clock, end, kind);
    }
  }
}

export function blockMoment(block: number): ReaderMoment {
  return {
    block,
    at: { block },
    end: `block:${block}`,
    begin: `block:${block + 1}`,
    later: { block: { _gt: block } },
    until: { block: { _lte: block } },
    kind: 'block',
  };
}

/** A second between a block and the next one, in some time zone. */
async function timeMoment(
  clock: Clock,
  random: SeededRandom,
  block: number,
): Promise<ReaderMoment> {
  const first = await clock.timeOf(block);
  const last = block === clock.head ? first : (await clock.timeOf(block + 1)) - 1;
  const time = random.integer(first, Math.max(first, last));
  const [zone, other] = [random.pick(ZONES), random.pick(ZONES)];
  return {
    block: await clock.blockAt(time),
    at: { timestamp: inZone(time, zone) },
    end: inZone(time, zone),
    begin: inZone(time + 1, other),
    later: { timestamp: { _gt: inZone(time, other) } },
    until: { timestamp: { _lte: inZone(time, zone) } },
    kind: 'time',
  };
}

/** @param next the first second of the next day or month, in UTC */
async function calendarMoment(
  clock: Clock,
  next: number,
  kind: 'day' | 'month',
): Promise<ReaderMoment> {
  const length = kind === 'day' ? 10 : 7;
  const begin = inZone(next, 'Z');
  return {
    block: await clock.blockAt(next - 1),
    at: { timestamp: inZone(next - 1, 'Z') },
    end: inZone(next - 1, 'Z').slice(0, length),
    begin: begin.slice(0, length),
    later: { timestamp: { _gte: begin } },
    until: { timestamp: { _lt: begin } },
    kind,
  };
}

/** Starts of days or months in the life of the chain, from a block on. */
async function endsBetween(
  clock: Clock,
  firstBlock: number,
  kind: 'day' | 'month',
): Promise<number[]> {
  const last = await clock.timeOf(clock.head);
  const ends: number[] = [];
  for (let time = await clock.timeOf(firstBlock); ; ) {
    const date = new Date(time * 1000);
    const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
    time = (kind === 'day' ? Date.UTC(year, month, day + 1) : Date.UTC(year, month + 1)) / 1000;
    if (time > last) return ends;
    ends.push(time);
  }
}

/** A time as its clock in a zone shows it: `2026-01-31T14:00:00+02:00`. */
function inZone(seconds: number, zone: string): string {
  const [, sign, hours, minutes] = /^([+-])(\d\d):(\d\d)$/.exec(zone) ?? [];
  const offset = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * (sign === '-' ? -1 : 1);
  const local = new Date(seconds * 1000 + offset * MINUTE_MS);
  return `${local.toISOString().slice(0, 19)}${zone}`;
}
