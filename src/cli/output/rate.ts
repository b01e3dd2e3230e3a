const WINDOW_MS = 10_000;
const SHORTEST_WINDOW_MS = 1_000;
/** Before that, the time left is not known: requests grow, and the first ones say little. */
const KNOWN_AFTER_MS = 4_000;
/** A rate that grows by more while it is measured is not yet the rate of the work. */
const STEADY_GROWTH = 2;

/** How fast a growing number grew during the last seconds. */
export class RateMeter {
  private readonly samples: { time: number; value: number }[] = [];
  private startedAt = 0;

  get isEmpty(): boolean {
    return this.samples.length === 0;
  }

  /** Adds a sample; `time` in milliseconds. */
  add(value: number, time = performance.now()): void {
    if (this.isEmpty) this.startedAt = time;
    this.samples.push({ time, value });
    // The start is slow: half of the time says more of the rest than all of it.
    const half = (time - this.startedAt) / 2;
    const window = Math.min(Math.max(half, SHORTEST_WINDOW_MS), WINDOW_MS);
    while (this.samples.length > 2 && (this.samples[0]?.time ?? 0) < time - window) {
      this.samples.shift();
    }
  }

  /** Per second; 0 before there are two samples. */
  perSecond(): number {
    return this.between(0, this.samples.length - 1);
  }

  /**
   * Seconds until the number has grown by so much; infinite while that is not known: in the first
   * seconds, and while the rate still grows fast.
   */
  secondsFor(left: number): number {
    if (left <= 0) return 0;
    const last = this.samples.at(-1);
    const isEarly = last === undefined || last.time - this.startedAt < KNOWN_AFTER_MS;
    return isEarly || !this.isSteady() ? Number.POSITIVE_INFINITY : left / this.perSecond();
  }

  private isSteady(): boolean {
    const end = this.samples.length - 1;
    const [first, last] = [this.samples[0], this.samples[end]];
    if (first === undefined || last === undefined || end < 2) return true;
    const halfway = (first.time + last.time) / 2;
    const middle = this.samples.findIndex(({ time }, index) => index > 0 && time >= halfway);
    if (middle === end) return true;
    return this.between(middle, end) <= STEADY_GROWTH * this.between(0, middle);
  }

  private between(from: number, to: number): number {
    const [first, last] = [this.samples[from], this.samples[to]];
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
