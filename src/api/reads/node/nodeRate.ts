const ASKED_PER_SECOND = 20;
const SECOND_MS = 1_000;

/** All clients together may ask a node only so often: each question costs its operator something. */
export class NodeRate {
  private readonly asked = new Map<number, { since: number; count: number }>();

  /** Whether the node of a chain may be asked now; counts the question. */
  mayAsk(chainId: number): boolean {
    const now = Date.now();
    const last = this.asked.get(chainId);
    const window =
      last === undefined || now - last.since >= SECOND_MS ? { since: now, count: 0 } : last;
    window.count++;
    this.asked.set(chainId, window);
    return window.count <= ASKED_PER_SECOND;
  }
}
