import { count } from '../../format/amounts.js';
import { texts } from '../../texts/texts.js';
import type { OfferingToken } from './offering.js';

/** A policy in sentences: what a snapshot shares, how long it can be claimed, and how often one can be taken. */
export function policyText({
  percentClaimable,
  window,
  interval,
  intervalUnit,
}: Pick<
  OfferingToken['policy'],
  'percentClaimable' | 'window' | 'interval' | 'intervalUnit'
>): string {
  const { policy: t } = texts.value;
  const claim =
    window == null ? t.forEver : window === 1 ? t.untilNext : t.untilMore(count(window));
  return [t.shares(percentClaimable), claim, intervalText(interval ?? null, intervalUnit ?? null)]
    .filter((sentence) => sentence !== null)
    .join(' ');
}

const DAY = 86_400n;
const HOUR = 3_600n;

function intervalText(interval: bigint | null, unit: string | null): string | null {
  const { policy: t } = texts.value;
  if (interval === null) return null;
  if (unit === 'BLOCKS') return t.everyBlocks(count(interval));
  if (unit !== 'SECONDS') return null;
  if (interval % DAY === 0n) return t.everyDays(count(interval / DAY), interval === DAY);
  if (interval % HOUR === 0n) return t.everyHours(count(interval / HOUR), interval === HOUR);
  return t.everySeconds(count(interval));
}
