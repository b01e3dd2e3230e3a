const WINDOW_MS = 10_000;

/** How fast a growing number grew during the last seconds. */
export class RateMeter {
  private readonly samples: { time: number; value: number }[] = [];

  get isEmpty(): boolean {
    return this.samples.length === 0;
  }

  /** Adds a sample; `time` in milliseconds. */
  add(value: number, time = performance.now()): void {
    this.samples.push({ time, value });
    while (this.samples.length > 2 && (this.samples[0]?.time ?? 0) < time - WINDOW_MS) {
      this.samples.shift();
    }
  }

  /** Per second; 0 before there are two samples. */
  perSecond(): number {
    const [first, last] = [this.samples[0], this.samples.at(-1)];
    if (first === undefined || last === undefined || last.time === first.time) return 0;
    return ((last.value - first.value) * 1000) / (last.time - first.time);
  }
}

/** `1h 2m`, `3m 4s`, `5s`; `–` when nothing is known. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '–';
  const whole = Math.ceil(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  if (hours > 0) return `${hours}h ${minutes}m`;
  return minutes > 0 ? `${minutes}m ${whole % 60}s` : `${whole}s`;
}

/** 12,345 */
export function formatCount(count: number): string {
  return Math.round(count).toLocaleString('en-US');
}
