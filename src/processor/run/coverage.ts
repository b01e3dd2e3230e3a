import type { Covered } from '../../chain/source/dataSource.js';
import type { SqlClient } from '../../store/database/sqlClient.js';
import { writeSourceRange } from '../../store/write/sourceRanges.js';

/** How delivered blocks were found, until they are committed. */
export class Coverage {
  private parts: Covered[] = [];

  constructor(private readonly chainId: number) {}

  add(part: Covered): void {
    const last = this.parts.at(-1);
    const continues =
      last !== undefined &&
      last.to + 1 === part.from &&
      last.finder === part.finder &&
      last.proof === part.proof;
    if (continues) this.parts[this.parts.length - 1] = { ...last, to: part.to };
    else this.parts.push(part);
  }

  /** Some of the blocks up to a height that are not committed were found, and not read one by one. */
  isFound(height: number): boolean {
    return this.parts.some(({ from, finder }) => from <= height && finder !== 'blocks');
  }

  /** The same, and no comparison of storage shows that none is missing. */
  isUnproven(height: number): boolean {
    return this.parts.some(
      ({ from, finder, proof }) => from <= height && finder !== 'blocks' && proof !== 'state',
    );
  }

  /** Takes out what is known up to a block; the rest waits for the next commit. */
  take(height: number): (db: SqlClient) => Promise<void> {
    const done = this.parts
      .filter(({ from }) => from <= height)
      .map((part) => ({ ...part, to: Math.min(part.to, height) }));
    this.parts = this.parts
      .filter(({ to }) => to > height)
      .map((part) => ({ ...part, from: Math.max(part.from, height + 1) }));
    const { chainId } = this;
    return async (db) => {
      for (const { from, to, finder, proof } of done) {
        await writeSourceRange(db, { chainId, fromBlock: from, toBlock: to, finder, proof });
      }
    };
  }
}
