import { SingleBar } from 'cli-progress';
import type { CopyProgress } from '../../store/backup/copySource.js';
import { formatCount, formatDuration, RateMeter } from '../output/rate.js';
import { BAR_STYLE, LINE_EVERY_MS } from './barStyle.js';

/** Shows how far a copy of the database is, with the time left: as a bar, or as lines for logs. */
export interface CopyReporter {
  update(progress: CopyProgress): void;
  stop(): void;
}

export function createCopyReporter(verb: string): CopyReporter {
  return process.stderr.isTTY ? new CopyBar(verb) : new CopyLines(verb);
}

class CopyBar implements CopyReporter {
  private readonly bar: SingleBar;
  private readonly rate = new RateMeter();

  constructor(verb: string) {
    this.bar = new SingleBar({
      format: `${verb} {bar} {percentage}% │ {megabytes} MB │ {rate} MB/s │ ETA {left} │ {table}`,
      ...BAR_STYLE,
    });
  }

  update({ table, done, total }: CopyProgress): void {
    if (this.rate.isEmpty) this.bar.start(total, 0);
    this.rate.add(done);
    this.bar.update(done, {
      table,
      megabytes: megabytes(done),
      rate: megabytes(this.rate.perSecond()),
      left: formatDuration(this.rate.secondsFor(total - done)),
    });
  }

  stop(): void {
    this.bar.stop();
  }
}

class CopyLines implements CopyReporter {
  private readonly rate = new RateMeter();
  private printedAt = 0;

  constructor(private readonly verb: string) {}

  update({ table, done, total }: CopyProgress): void {
    if (this.rate.isEmpty) this.printedAt = performance.now();
    this.rate.add(done);
    if (performance.now() - this.printedAt < LINE_EVERY_MS) return;
    this.printedAt = performance.now();
    const left = formatDuration(this.rate.secondsFor(total - done));
    process.stderr.write(
      `${new Date().toISOString()} ${this.verb}: ${megabytes(done)} of ${megabytes(total)} MB, ` +
        `${megabytes(this.rate.perSecond())} MB/s, ETA ${left}, table ${table}\n`,
    );
  }

  stop(): void {}
}

function megabytes(bytes: number): string {
  return formatCount(bytes / 1e6);
}
