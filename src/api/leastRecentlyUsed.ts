/** Keeps the answers that were asked for last; those being computed are shared. */
export class LeastRecentlyUsed<Answer> {
  private readonly entries = new Map<string, Promise<Answer>>();

  constructor(private readonly size: number) {}

  /** A failure is passed on and forgotten. */
  async get(key: string, compute: () => Promise<Answer>): Promise<Answer> {
    const answer = this.entries.get(key) ?? compute();
    // A map keeps the order of insertion: the first entry is the one to forget.
    this.entries.delete(key);
    this.entries.set(key, answer);
    for (const oldest of this.entries.keys()) {
      if (this.entries.size <= this.size) break;
      this.entries.delete(oldest);
    }
    try {
      return await answer;
    } catch (error) {
      if (this.entries.get(key) === answer) this.entries.delete(key);
      throw error;
    }
  }
}
