import { SingleBar } from 'cli-progress';

/** Shows what the demo is doing, and for how long, while it sets itself up. */
export class Steps {
  private readonly startedAt = performance.now();
  private bar: SingleBar | null = null;

  /** Runs a step; a line with the time it took follows when it is done. */
  async run<T>(title: string, work: () => Promise<T>): Promise<T> {
    const startedAt = performance.now();
    const result = await work();
    this.line(`✓ ${title.padEnd(58)} ${formatSeconds(performance.now() - startedAt)}`);
    return result;
  }

  /** How far the step that takes longest is; on a terminal only. */
  percent(what: string, percent: number): void {
    if (!process.stderr.isTTY) return;
    if (this.bar === null) {
      this.bar = new SingleBar({
        format: '  {bar} {percentage}% │ {what}',
        barCompleteChar: '█',
        barIncompleteChar: '░',
        barsize: 24,
        hideCursor: true,
        clearOnComplete: true,
        stream: process.stderr,
      });
      this.bar.start(100, 0, { what });
    }
    this.bar.update(percent, { what });
  }

  /** Takes the bar away. */
  endBar(): void {
    this.bar?.stop();
    this.bar = null;
  }

  /** A line of text above whatever bar there is. */
  line(text: string): void {
    if (this.bar !== null) process.stderr.write('\r\x1b[K');
    process.stdout.write(`${text}\n`);
  }

  /** Seconds since the demo began. */
  elapsed(): string {
    return formatSeconds(performance.now() - this.startedAt);
  }
}

function formatSeconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
