import pg from 'pg';
import { commitNextSnapshot } from '../store/commitments.js';
import { type HashPoint, hashNextBlocks, readHashPoint } from '../store/ledgerHash/hashChain.js';

/**
 * Hashes the operations of final blocks and commits to the shares of final snapshots, until all
 * of them are done or the signal aborts. Reads committed rows only and may run beside the
 * indexer of the chain.
 *
 * @returns how far the chain is hashed; `null`: not at all
 */
export async function proveFinalBlocks(
  databaseUrl: string,
  chainId: number,
  signal: AbortSignal,
): Promise<HashPoint | null> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'imo-ledger' });
  // A lost connection is met by the next query; the event alone must not end the process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    const goesOn = async (work: Promise<boolean>) => (await work) && !signal.aborted;
    while (await goesOn(hashNextBlocks(client, chainId)));
    while (await goesOn(commitNextSnapshot(client, chainId)));
    return await readHashPoint(client, chainId);
  } finally {
    await client.end();
  }
}

/** Proves what becomes final, behind an indexer that goes on. */
export class ProofKeeper {
  private running: Promise<void> | null = null;
  private isAsked = false;
  private readonly stopping = new AbortController();

  constructor(
    private readonly databaseUrl: string,
    private readonly chainId: number,
    /** A failure costs nothing but time: the next commit makes up for it. */
    private readonly onFailure: (error: unknown) => void,
  ) {}

  /** More blocks are final. */
  wake(): void {
    this.isAsked = true;
    this.running ??= this.run();
  }

  /** Ends with what is being done at the moment. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    try {
      while (this.isAsked && !this.stopping.signal.aborted) {
        this.isAsked = false;
        await proveFinalBlocks(this.databaseUrl, this.chainId, this.stopping.signal);
      }
    } catch (error) {
      this.onFailure(error);
    } finally {
      this.running = null;
    }
  }
}
