import { SingleBar } from 'cli-progress';
import { formatCount, RateMeter } from '../output/rate.js';

/** Shows how many rows were deleted so far. */
export interface ForgetReporter {
  update(deletedRows: number): void;
  stop(): void;
}

/** On a terminal; elsewhere nothing, because logs have the last line. */
export function createForgetReporter(): ForgetReporter {
  if (!process.stderr.isTTY) return { update: () => undefined, stop: () => undefined };
  const bar = new SingleBar({
    format: 'deleting: {rows} rows and blocks │ {rate}/s',
    hideCursor: true,
    stream: process.stderr,
    fps: 5,
  });
  const rate = new RateMeter();
  const values = (rows: number) => ({
    rows: formatCount(rows),
    rate: formatCount(rate.perSecond()),
  });
  bar.start(1, 0, values(0));
  return {
    update(deletedRows) {
      rate.add(deletedRows);
      bar.update(0, values(deletedRows));
    },
    stop: () => bar.stop(),
  };
}
