import { findLastRight } from '../../audit/disagreements/lastRight.js';
import type { ChainNode } from '../../chain/node.js';
import type { ChainConfig } from '../../config/types.js';
import { newPool } from '../../store/database/postgres.js';
import type { HoldRecord } from '../../store/read/tokens/holds.js';
import { readTokens } from '../../store/read/tokens/tokens.js';
import { writeHold } from '../../store/write/holds.js';
import { readOwnHolds } from '../groups/ownContracts.js';
import type { Holds } from './holds.js';
import { unprovenText } from './rightBooks.js';

export interface HoldComparisonOptions {
  readonly databaseUrl: string;
  readonly chain: ChainConfig;
  readonly node: ChainNode;
  readonly holds: Holds;
  /** The books of a held token are wrong before their end: they have to end earlier. */
  readonly onDifference: () => void;
  readonly onFailure: (error: unknown) => void;
}

/**
 * Compares the books of held tokens with their contracts when they are committed to their end, behind
 * the indexer. Nothing is taken back here: that needs the indexer to stop.
 */
export class HoldComparison {
  private running: Promise<void> | null = null;
  private isStopped = false;

  constructor(private readonly options: HoldComparisonOptions) {}

  /**
   * Blocks up to this one are committed.
   *
   * @returns what resolves when all is compared; `null`: all is
   */
  wake(height: number): Promise<void> | null {
    if (this.isStopped || !this.options.holds.isUncompared(height)) return this.running;
    this.running ??= this.compare(height)
      .catch((error: unknown) => {
        if (!this.isStopped) this.options.onFailure(error);
      })
      .finally(() => {
        this.running = null;
      });
    return this.running;
  }

  /** The node and the database may be closed after this. */
  stop(): void {
    this.isStopped = true;
  }

  private async compare(height: number): Promise<void> {
    const { databaseUrl, chain, node, holds, onDifference } = this.options;
    const db = newPool({
      connectionString: databaseUrl,
      max: 2,
      application_name: 'imo-ledger holds',
    });
    try {
      for (const hold of await readOwnHolds(db, chain)) {
        if (hold.isCompared || hold.lastBlock > height) continue;
        const [token] = await readTokens(db, {
          chainId: hold.chainId,
          address: hold.address,
        });
        const right = token && (await findLastRight(db, node, token, hold.lastBlock));
        if (right?.difference != null) {
          onDifference();
          return;
        }
        const reason = `${hold.reason}${unprovenText(right?.unprovenTo ?? null)}`;
        const compared: HoldRecord = { ...hold, isCompared: true, reason };
        await writeHold(db, compared);
        holds.replace(compared);
      }
    } finally {
      await db.end();
    }
  }
}
