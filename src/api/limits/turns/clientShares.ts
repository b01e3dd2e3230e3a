/** Counts what each client has of something that all clients share. */
export class ClientShares {
  private readonly taken = new Map<string, number>();

  /** @param most of one client */
  constructor(readonly most: number) {}

  /** @returns gives it back; `null`: the client has its share */
  take(client: string): (() => void) | null {
    const taken = this.taken.get(client) ?? 0;
    if (taken >= this.most) return null;
    this.taken.set(client, taken + 1);
    let isTaken = true;
    return () => {
      if (!isTaken) return;
      isTaken = false;
      const left = (this.taken.get(client) ?? 1) - 1;
      if (left === 0) this.taken.delete(client);
      else this.taken.set(client, left);
    };
  }
}

/** What one client may have of `total`: a quarter, and at least one. */
export function shareOf(total: number): number {
  return Math.max(1, Math.floor(total / 4));
}
