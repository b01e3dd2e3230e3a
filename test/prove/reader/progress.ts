/** The time that a run over several worlds still takes, by the worlds and draws so far. */
export class RunProgress {
  private readonly startedAt = performance.now();
  private worldStartedAt = performance.now();
  private worldsLeft = 0;
  private draws = 0;
  private drawnSince = 0;
  /** Milliseconds for what comes before the first draw of a world, of each world so far. */
  private readonly openings: number[] = [];
  /** Milliseconds of each draw so far. */
  private readonly drawings: number[] = [];

  /** @param drawsOfWorld draws of each world */
  constructor(private readonly drawsOfWorld: number) {}

  /**
   * A world begins.
   *
   * @param worldsLeft it and those after it
   */
  begun(worldsLeft: number): string {
    this.worldStartedAt = performance.now();
    this.worldsLeft = worldsLeft;
    this.draws = 0;
    this.drawnSince = 0;
    return this.text();
  }

  /** A draw was compared. */
  drawn(): string {
    const now = performance.now();
    // The first draw has what comes before it.
    if (this.draws === 0) this.openings.push(now - this.worldStartedAt);
    else this.drawings.push(now - this.drawnSince);
    this.draws += 1;
    this.drawnSince = now;
    return this.text();
  }

  private text(): string {
    const { openings, drawings, draws, drawsOfWorld, worldsLeft } = this;
    const spent = secondsText(performance.now() - this.startedAt);
    if (drawings.length === 0 && drawsOfWorld > 1)
      return `${spent} so far, ETA after the second draw`;
    if (openings.length === 0) return `${spent} so far, ETA after the first draw`;
    const draw = drawings.length === 0 ? 0 : meanOf(drawings);
    const ofWorld = meanOf(openings) + draw * (drawsOfWorld - 1);
    const here = draws === 0 ? ofWorld : draw * (drawsOfWorld - draws);
    return `${spent} so far, ETA ${secondsText(here + ofWorld * (worldsLeft - 1))}`;
  }
}

function meanOf(times: readonly number[]): number {
  return times.reduce((sum, time) => sum + time, 0) / times.length;
}

function secondsText(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(0)} s`;
}
