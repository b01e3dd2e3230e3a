import { unlessWithoutState } from '../../chain/withoutState.js';

/**
 * What the books of contracts said since they were last compared with them. A comparison before a commit
 * shows that figures differ, but not since when: all blocks since the one before are in doubt.
 */
export class SinceCheck {
  private readonly said = new Map<string, { readonly block: number; readonly figure: string }[]>();
  private checkedBlock = -1;

  /** The books continue from the end of a block. */
  open(height: number): void {
    this.compared(height);
  }

  /** All figures were right at the end of a block. */
  compared(block: number): void {
    this.said.clear();
    this.checkedBlock = block;
  }

  /** @param figure as text, at the end of the block */
  note(subject: string, block: number, figure: string): void {
    const said = this.said.get(subject) ?? [];
    said.push({ block, figure });
    this.said.set(subject, said);
  }

  /**
   * The newest block at whose end a figure was right that differs now, by asking the contract at the blocks
   * that changed it. What the node does not answer counts as different.
   */
  async lastRight(
    subject: string,
    startBlock: number,
    ask: (block: number) => Promise<string>,
  ): Promise<number> {
    const said = this.said.get(subject) ?? [];
    let right = Math.max(this.checkedBlock, startBlock - 1);
    let [low, high] = [0, said.length];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const of = said[middle];
      if (of !== undefined && (await unlessWithoutState(() => ask(of.block))) === of.figure) {
        right = of.block;
        low = middle + 1;
      } else high = middle;
    }
    return right;
  }
}
