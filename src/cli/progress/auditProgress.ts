import { SingleBar } from 'cli-progress';
import type { AuditProgress } from '../../audit/run.js';
import { formatCount, formatDuration, RateMeter } from '../output/rate.js';
import { BAR_STYLE, LINE_EVERY_MS } from './barStyle.js';

/** Shows how far the audit of a chain is, until `stop()`. */
export interface AuditReporter {
  update(progress: AuditProgress): void;
  stop(): void;
}

/** A bar on a terminal, an occasional line elsewhere. It goes to stderr, the result to stdout. */
export function createAuditReporter(chainName: string): AuditReporter {
  return process.stderr.isTTY ? bar(chainName) : lines(chainName);
}

function bar(chain: string): AuditReporter {
  const shown = new SingleBar({
    format:
      '{chain} {bar} {percentage}% │ {done} of {all} accounts │ {rate} figures/s │ ETA {left} │ {found} mismatches',
    ...BAR_STYLE,
  });
  const meters = new Meters();
  let isStarted = false;
  return {
    update(progress) {
      const { rate, left } = meters.add(progress);
      const { accounts, accountsInAll, mismatches } = progress;
      const values = {
        chain,
        done: formatCount(accounts),
        all: formatCount(accountsInAll),
        rate: formatCount(rate),
        left: formatDuration(left),
        found: formatCount(mismatches),
      };
      if (!isStarted) shown.start(Math.max(accountsInAll, 1), 0, values);
      isStarted = true;
      shown.update(accounts, values);
    },
    stop: () => shown.stop(),
  };
}

function lines(chain: string): AuditReporter {
  const meters = new Meters();
  let printedAt = performance.now();
  return {
    update(progress) {
      const { rate, left } = meters.add(progress);
      if (performance.now() - printedAt < LINE_EVERY_MS) return;
      printedAt = performance.now();
      const { accounts, accountsInAll, figures, mismatches } = progress;
      process.stderr.write(
        `${new Date().toISOString()} ${chain}: ${formatCount(accounts)} of ` +
          `${formatCount(accountsInAll)} accounts, ${formatCount(figures)} figures, ` +
          `${formatCount(rate)} figures/s, ETA ${formatDuration(left)}, ` +
          `${formatCount(mismatches)} mismatches\n`,
      );
    },
    stop: () => undefined,
  };
}

/** Figures per second, and the seconds that are left by the accounts per second. */
class Meters {
  private readonly figures = new RateMeter();
  private readonly accounts = new RateMeter();

  add({ figures, accounts, accountsInAll }: AuditProgress): { rate: number; left: number } {
    this.figures.add(figures);
    this.accounts.add(accounts);
    const left = this.accounts.secondsFor(accountsInAll - accounts);
    return { rate: this.figures.perSecond(), left };
  }
}
