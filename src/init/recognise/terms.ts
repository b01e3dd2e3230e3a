import type { RevenueTerms } from '../../ledger/state.js';

const DAY = 86_400;
const HOUR = 3_600;
const MINUTE = 60;

/**
 * Percentage, interval and window in plain words.
 *
 * @param blockSeconds between two blocks; `null`: unknown
 */
export function termsInWords(
  { percentClaimable, interval, intervalUnit, window }: RevenueTerms,
  blockSeconds: number | null,
): string[] {
  const claimed =
    window === null
      ? 'Every snapshot can be claimed for ever.'
      : window === 1
        ? 'Only the last snapshot can be claimed.'
        : `Only the last ${window} snapshots can be claimed.`;
  return [
    `A snapshot gives ${percentClaimable} % of new revenue to the holders; burns are paid from the rest.`,
    `${intervalInWords(interval, intervalUnit, blockSeconds)} ${claimed}`,
  ];
}

function intervalInWords(
  interval: bigint | null,
  unit: RevenueTerms['intervalUnit'],
  blockSeconds: number | null,
): string {
  if (interval === null || unit === null)
    return 'No getter says how often a snapshot may be taken.';
  if (unit === 'seconds')
    return `A snapshot may be taken every ${durationInWords(Number(interval))}.`;
  const about =
    blockSeconds === null
      ? ''
      : ` (about ${durationInWords(Math.round(Number(interval) * blockSeconds))})`;
  return `A snapshot may be taken every ${interval.toLocaleString('en-US')} blocks${about}.`;
}

/** One number and its unit: exact where it is whole, else rounded to a tenth. */
export function durationInWords(seconds: number): string {
  for (const [length, unit] of [
    [DAY, 'day'],
    [HOUR, 'hour'],
    [MINUTE, 'minute'],
  ] as const) {
    if (seconds < length) continue;
    const count = Math.round((10 * seconds) / length) / 10;
    return `${count} ${unit}${count === 1 ? '' : 's'}`;
  }
  return `${seconds} second${seconds === 1 ? '' : 's'}`;
}
