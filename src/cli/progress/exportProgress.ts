import type { Readable } from 'node:stream';
import { SingleBar } from 'cli-progress';
import { formatCount, RateMeter } from '../output/rate.js';

const NEW_LINE = 0x0a;

/**
 * Shows on a terminal how many rows have come so far; elsewhere nothing, for logs have the last
 * line. How many there will be is not known before they are all there.
 */
export function showRows(rows: Readable, dataset: string): { stop(): void } {
  if (!process.stderr.isTTY) return { stop: () => undefined };
  const shown = new SingleBar({
    format: `${dataset}: {rows} rows │ {megabytes} MB │ {rate} rows/s`,
    hideCursor: true,
    stream: process.stderr,
    fps: 5,
  });
  const rate = new RateMeter();
  let count = 0;
  let bytes = 0;
  const values = () => ({
    rows: formatCount(count),
    megabytes: formatCount(Math.round(bytes / 1e6)),
    rate: formatCount(rate.perSecond()),
  });
  shown.start(1, 0, values());
  rows.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    // A chunk is a row or more; quoted line ends are rare enough for a figure that moves.
    for (let at = chunk.indexOf(NEW_LINE); at >= 0; at = chunk.indexOf(NEW_LINE, at + 1)) count++;
    rate.add(count);
    shown.update(0, values());
  });
  // Counting must not be what makes them flow.
  rows.pause();
  return { stop: () => shown.stop() };
}
