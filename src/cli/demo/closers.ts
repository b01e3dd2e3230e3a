/** Things to close at the end, in reverse order of opening, whatever happened before. */
export class Closers {
  private readonly closers: (() => Promise<unknown>)[] = [];
  private isOver = false;

  /** What is opened after the end, because it took so long, is closed at once. */
  add(close: () => Promise<unknown>): void {
    this.closers.push(close);
    if (this.isOver) void this.closeAll();
  }

  /** Closes all of them, even if one fails. */
  async closeAll(): Promise<void> {
    this.isOver = true;
    for (const close of this.closers.splice(0).reverse()) await close().catch(() => undefined);
  }
}
