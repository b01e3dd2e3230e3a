/** Blocks in which a function left the terms alone before it counts as quiet. */
const QUIET_BLOCKS = 32;
/** Of the blocks with nothing but quiet calls, one in so many is asked. */
const SAMPLE = 64;
/** Anybody can call a contract with any selector, and a fallback function takes them all. */
const MOST_FUNCTIONS = 1_000;

/**
 * Functions of a contract that were called often and never changed its terms. To ask for the terms
 * after each of their calls would double the price of indexing a busy contract.
 */
export class QuietCalls {
  /** After how many blocks with the function the terms were asked; negative: it changed them. */
  private readonly asked = new Map<string, number>();
  private passed = 0;

  /** Whether the terms are asked after a block with calls of these functions, which is noted. */
  isDue(selectors: ReadonlySet<string>): boolean {
    const isQuiet =
      selectors.size > 0 &&
      [...selectors].every((selector) => (this.asked.get(selector) ?? 0) >= QUIET_BLOCKS);
    if (isQuiet) {
      this.passed = (this.passed + 1) % SAMPLE;
      return this.passed === 0;
    }
    for (const selector of selectors) this.note(selector);
    return true;
  }

  /** The terms changed in a block with these calls. */
  changed(selectors: ReadonlySet<string>): void {
    for (const selector of selectors) this.asked.set(selector, -1);
  }

  private note(selector: string): void {
    const before = this.asked.get(selector);
    if (before === undefined && this.asked.size >= MOST_FUNCTIONS) return;
    if (before === undefined || before >= 0) this.asked.set(selector, (before ?? 0) + 1);
  }
}
