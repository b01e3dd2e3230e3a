import ical, { ICalAlarmType, ICalEventTransparency } from 'ical-generator';
import { z } from 'zod';
import { checksummed } from '../../address.js';
import { shownSymbol } from '../../books/moneySymbols.js';
import { nativeSymbol } from '../../books/nativeCoins.js';
import { personOf } from '../../books/person.js';
import { exactAmount } from '../../export/statement/layout/amounts.js';
import { isVisible, plainSigns } from '../../export/statement/layout/plainSigns.js';
import { type ClaimReminder, remindersOf } from '../claimPlan/reminders.js';
import { marksJson } from './claimable.js';
import { chainIdParameter, holdersParameter } from './fields.js';
import { restRoute } from './route.js';

const REFRESH_SECONDS = 3_600;
const ALARM_SECONDS_BEFORE = 24 * 3_600;
const HALF_AN_HOUR_MS = 30 * 60_000;

/** `GET /v1/calendar.ics`: deadlines of claims and next snapshots, for calendars to subscribe to. */
export const calendarRoute = restRoute({
  path: '/v1/calendar.ics',
  operationId: 'getCalendar',
  summary: 'Deadlines of claims and next snapshots, as a calendar (RFC 5545)',
  description:
    'For calendar programs to subscribe to. A deadline is the first moment at which the snapshot can be taken ' +
    'that ends the claim. What is due already, or cannot be known, is an event of the whole day of the ' +
    'newest indexed block.',
  pathParameters: {},
  query: { holder: holdersParameter, chainId: chainIdParameter },
  repeatable: ['holder'],
  response: z.string(),
  contentType: 'text/calendar; charset=utf-8',
  async answer(context, { holder, chainId }) {
    const accounts = personOf(holder);
    const reminders = await remindersOf(context, accounts, chainId ?? null);
    const marks = await marksJson(context);
    const calendar = ical({
      name: `Revenue of ${accounts.map(checksummed).join(', ')}`,
      prodId: { company: 'imo-ledger', product: 'imo-ledger', language: 'EN' },
      ttl: REFRESH_SECONDS,
    });
    for (const reminder of reminders) {
      calendar.createEvent(eventOf(reminder, notesOn(reminder, marks)));
    }
    return calendar.toString();
  },
});

type Marks = Awaited<ReturnType<typeof marksJson>>;

function eventOf(reminder: ClaimReminder, notes: readonly string[]) {
  const { kind, token, snapshotId, asOf, time } = reminder;
  const isTimed = !time.isDue && time.notBefore !== null;
  const start = (isTimed ? time.notBefore : asOf.timestamp) ?? new Date(0);
  const which = snapshotId === null ? 'next' : String(snapshotId);
  return {
    id: `${token.chainId}-${token.address}-${kind}-${which}@imo-ledger`,
    stamp: asOf.timestamp ?? new Date(0),
    start,
    ...(isTimed ? { end: new Date(start.getTime() + HALF_AN_HOUR_MS) } : { allDay: true }),
    summary: summaryOf(reminder),
    description: [...reasonsOf(reminder), ...notes].join('\n'),
    transparency: ICalEventTransparency.TRANSPARENT,
    alarms:
      isTimed && kind === 'deadline'
        ? [{ type: ICalAlarmType.display, trigger: ALARM_SECONDS_BEFORE }]
        : [],
  };
}

function summaryOf(reminder: ClaimReminder): string {
  const { kind, snapshotId, time } = reminder;
  const token = tokenName(reminder);
  if (kind === 'snapshot') {
    return time.isDue
      ? `${token}: the next snapshot can be taken at any moment`
      : `${token}: the next snapshot can be taken from now on`;
  }
  const claim = `${amountsOf(reminder)} of ${token}, snapshot ${snapshotId}`;
  if (time.isDue) return `Claim now: ${claim}, can expire at any moment`;
  if (time.notBefore === null) return `Claim in time: ${claim}, has a deadline that is not known`;
  return `Deadline to claim ${claim}`;
}

function reasonsOf(reminder: ClaimReminder): string[] {
  const { kind, snapshotId, token, asOf, time } = reminder;
  const reasons = [
    kind === 'deadline'
      ? `The claim of snapshot ${snapshotId} ends with a later snapshot. ${whenOf(reminder)}`
      : `Taken at block ${asOf.block}, the snapshot would assign ${amountsOf(reminder)}.`,
    `Token ${checksummed(token.address)} on chain ${token.chainId}, as of block ${asOf.block}.`,
  ];
  if (time.block !== null) {
    reasons.push(
      `The contract counts blocks: not before block ${time.block}. The time is an estimate by the pace of the chain so far.`,
    );
  }
  return reasons;
}

function whenOf({ time }: ClaimReminder): string {
  if (time.isDue) return 'Anybody can take it now.';
  return time.notBefore === null
    ? 'When it can be taken is not known.'
    : 'Anybody can take it from this time on.';
}

/** What the figures have to be read with. */
function notesOn({ token }: ClaimReminder, marks: Marks): string[] {
  const address = checksummed(token.address);
  const isOf = (one: { chainId: number; token?: string; address?: string }) =>
    one.chainId === token.chainId && (one.token ?? one.address) === address;
  const notes: readonly (readonly [isTrue: boolean, note: string])[] = [
    [marks.held.some(isOf), 'The books of this token are held: its figures are old.'],
    [marks.archived.some(isOf), 'The books of this token are archived: its figures are old.'],
    [marks.paused.some(isOf), 'Claims of this token are paused by its contract.'],
    [marks.provisional.some(isOf), 'The figures of this token are provisional.'],
    [marks.disagreements.some(isOf), 'The contract disagrees with a figure of this token.'],
  ];
  return notes.flatMap(([isTrue, note]) => (isTrue ? [note] : []));
}

function amountsOf({ token, pays }: ClaimReminder): string {
  return pays
    .map(({ asset, amount }) => {
      const symbol = asset.address === null ? nativeSymbol(token.chainId) : asset.symbol;
      const unit = symbol ?? (asset.address === null ? '' : checksummed(asset.address));
      return `${exactAmount(amount, asset.decimals)} ${shown(unit)}`;
    })
    .join(', ');
}

function tokenName({ token }: ClaimReminder): string {
  return shown(shownSymbol(token) ?? checksummed(token.address));
}

/** A contract may choose any symbol. */
function shown(symbol: string): string {
  return plainSigns(symbol, isVisible).slice(0, 50);
}
