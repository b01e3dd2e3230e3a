import { collectDefaultMetrics, Registry } from 'prom-client';

let ofProcess: Registry | null = null;

/**
 * A new registry that has the usual metrics of this process. They are measured once, however many
 * servers a process starts: prom-client never stops the timer and the observer behind them.
 */
export function newRegistry(): Registry {
  if (ofProcess === null) {
    ofProcess = new Registry();
    collectDefaultMetrics({ register: ofProcess });
  }
  return Registry.merge([ofProcess]);
}
