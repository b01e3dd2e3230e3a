import type { AuditPart } from './parts.js';

/** Where the next part begins: the index of its step, and where the part before it ended. */
export interface AuditPlace {
  readonly step: number;
  /** `null`: at the start of the step. */
  readonly after: string | null;
}

/** A part under way, in its step. */
export interface StartedPart<Step> {
  readonly step: Step;
  readonly part: AuditPart;
}

/**
 * Starts the parts of an audit before they are needed, and returns them in order: one page of holders waits for the node
 * while the books of the next pages are read.
 */
export class PartsAhead<Step> {
  private readonly line: StartedPart<Step>[] = [];

  /**
   * @param atOnce parts under way at once; each has a page of accounts in memory
   * @param start starts a part; it answers as soon as it knows where the next one begins
   */
  constructor(
    private readonly atOnce: number,
    private readonly steps: readonly Step[],
    private place: AuditPlace,
    private readonly start: (step: Step, after: string | null) => Promise<AuditPart>,
  ) {}

  /** @returns `null` after the last one */
  async next(): Promise<StartedPart<Step> | null> {
    while (this.line.length < this.atOnce) {
      const { step: index, after } = this.place;
      const step = this.steps[index];
      if (step === undefined) break;
      const part = await this.start(step, after);
      // Its error is thrown when its turn comes. An audit that ends before does not care.
      Promise.resolve(part.comparison).catch(() => undefined);
      this.line.push({ step, part });
      this.place = { step: part.next === null ? index + 1 : index, after: part.next };
    }
    return this.line.shift() ?? null;
  }
}
