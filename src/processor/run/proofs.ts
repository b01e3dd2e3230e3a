import { connectClient, type DatabaseClient } from '../../store/database/postgres.js';
import { type HashPoint, hashNextBlocks, readHashPoint } from '../../store/ledgerHash/hashChain.js';
import { commitNextSnapshot } from '../../store/write/commitments.js';
import { keepNextDays } from '../../store/write/days/keepDays.js';
import { readFinalDay } from '../../store/write/days/nextDays.js';

/**
 * Hashes the operations of final blocks, commits to the shares of final snapshots and keeps final days, until
 * all of them are done or the signal aborts. Reads committed rows only and may run at the same time as
 * the indexer of the chain.
 *
 * @returns how far the chain is hashed; `null`: not at all
 */
export async function proveFinalBlocks(
  databaseUrl: string,
  chainId: number,
  signal: AbortSignal,
): Promise<HashPoint | null> {
  const client = await connect(databaseUrl);
  try {
    await prove(client, chainId, signal);
    await new DayKeeping().keep(client, chainId, signal);
    return await readHashPoint(client, chainId);
  } finally {
    await client.end();
  }
}

/** Proves what becomes final and keeps its days, in the background of the indexer. */
export class ProofKeeper {
  private client: DatabaseClient | null = null;
  private running: Promise<void> | null = null;
  private isAsked = false;
  private readonly days = new DayKeeping();
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
    await this.client?.end();
  }

  private async run(): Promise<void> {
    try {
      while (this.isAsked && !this.stopping.signal.aborted) {
        this.isAsked = false;
        this.client ??= await connect(this.databaseUrl);
        await prove(this.client, this.chainId, this.stopping.signal);
        await this.days.keep(this.client, this.chainId, this.stopping.signal);
      }
    } catch (error) {
      // Its connection may be broken; that error is already reported.
      await this.client?.end().catch(() => undefined);
      this.client = null;
      this.onFailure(error);
    } finally {
      this.running = null;
    }
  }
}

async function prove(client: DatabaseClient, chainId: number, signal: AbortSignal): Promise<void> {
  const goesOn = async (work: Promise<boolean>) => (await work) && !signal.aborted;
  while (await goesOn(hashNextBlocks(client, chainId)));
  while (await goesOn(commitNextSnapshot(client, chainId, signal)));
}

/** Keeps what tokens did on days that are over. Looks once for each day that became final. */
class DayKeeping {
  private keptTo: number | null = null;

  async keep(client: DatabaseClient, chainId: number, signal: AbortSignal): Promise<void> {
    const day = await readFinalDay(client, chainId);
    if (day === null || day.getTime() === this.keptTo) return;
    const position = { number: 0 };
    const keepNext = () => keepNextDays(client, chainId, day, undefined, position);
    while ((await keepNext()) && !signal.aborted);
    if (!signal.aborted) this.keptTo = day.getTime();
  }
}

async function connect(databaseUrl: string): Promise<DatabaseClient> {
  const client = await connectClient({
    connectionString: databaseUrl,
    application_name: 'imo-ledger',
  });
  // Short ranges of keys, which a planner takes for long ones until the tables are analysed.
  await client.query('SET enable_seqscan = off; SET jit = off');
  return client;
}
