import type { Goal } from '../report/report.js';

export function secondsAtMost(what: string, measured: number, wanted: number): Goal {
  return { what, measured, wanted, side: 'at most', unit: ' s' };
}
