import type { Address } from '../../address.js';
import type { ChainConfig } from '../../config/types.js';
import { withChanges } from '../../plan/changes.js';
import { keepManifest } from '../../plan/keepManifest.js';
import { keyOf, type Manifest } from '../../plan/manifest.js';
import type { Plan } from '../../plan/plan.js';
import { changedSources } from '../../plan/sources.js';
import { joiningKey } from '../../store/booksKey.js';
import { connectClient, type DatabaseClient } from '../../store/database/postgres.js';
import { flipBooks, takeBlocks } from '../../store/joining/flip.js';
import { archiveContracts } from '../../store/leaving/archiveContracts.js';
import { readPassedOn } from '../../store/read/operations/passedOn.js';
import { noteRead, readCreated } from '../../store/registry/factories.js';
import { readRegistered } from '../../store/registry/registered.js';
import { readCursor } from '../../store/write/cursor.js';
import { BOOKING_VERSION } from '../bookingVersions.js';
import { openConnections } from '../run/connections.js';
import type { Joining } from './wanted.js';

/** The one transaction in which joining books become live. */
export class Flip {
  /** Up to here the receipts of the live books were looked through. */
  private lookedTo: number | null = null;

  private constructor(
    private readonly url: string,
    private readonly db: DatabaseClient,
    private readonly chain: ChainConfig,
    private readonly joining: Joining,
  ) {}

  /** Begins it, and does what takes long, while the live index continues. */
  static async open(url: string, chain: ChainConfig, joining: Joining): Promise<Flip> {
    const db = await connectClient({
      connectionString: url,
      application_name: 'imo-ledger joining',
    });
    const flip = new Flip(url, db, chain, joining);
    try {
      await flip.begin();
      return flip;
    } catch (error) {
      await flip.close();
      throw error;
    }
  }

  private async begin(): Promise<void> {
    const { db, chain } = this;
    await db.query('BEGIN');
    const live = await readCursor(db, chain.id);
    const joining = await readCursor(db, joiningKey(chain.id));
    if (live === null || joining === null) return;
    await takeBlocks(db, chain.id, Math.min(live.finalized.height, joining.finalized.height));
    await this.isComplete();
    this.lookedTo = live.finalized.height;
  }

  /**
   * Makes them live while nobody indexes either books.
   *
   * @returns `false`, with nothing changed, if both are not at one block, or more contracts must join
   */
  async finish(): Promise<boolean> {
    const { url, db, chain } = this;
    const key = joiningKey(chain.id);
    const locks = [await openConnections(url, chain.id)];
    try {
      locks.push(await openConnections(url, key));
      const { plan } = this.joining;
      if (!(await this.isComplete()) || !(await this.areCreated())) return false;
      if (!(await flipBooks(db, chain.id))) return false;
      await noteRead(db, chain.id);
      const archived = plan.archived.map(({ kind, address }) => {
        return { kind, address: address as Address };
      });
      await archiveContracts(db, chain.id, archived);
      await keepManifest(db, chain.id, plan.wanted, BOOKING_VERSION);
      await db.query('COMMIT');
      return true;
    } finally {
      for (const lock of locks) await lock.close();
    }
  }

  /** Rolls back what is not committed. */
  close(): Promise<void> {
    return this.db.end();
  }

  /** Whether no other token received money meanwhile that a changed source passed on. */
  private async isComplete(): Promise<boolean> {
    const { db, chain, lookedTo } = this;
    const { plan, contracts } = this.joining;
    const sources = changedSources(manifestBefore(plan), plan.wanted) as Address[];
    const passed = await readPassedOn(db, chain.id, sources, lookedTo);
    const joins = new Set(contracts.map(({ kind, address }) => `${kind} ${address}`));
    const wanted = new Set(plan.wanted.tokens.map((entry) => keyOf('tokens', entry)));
    return [...passed.values()]
      .flat()
      .every((token) => joins.has(`token ${token}`) || !wanted.has(token));
  }

  /** Whether factories created what joins still where it starts: a reorg may have moved it. */
  private async areCreated(): Promise<boolean> {
    const { db, chain, joining } = this;
    const known = new Map(
      (await readCreated(db, chain.id)).map(({ address, startBlock }) => [address, startBlock]),
    );
    return (await readRegistered(db, joiningKey(chain.id))).every(
      ({ address, startBlock }) =>
        !joining.created.has(address) || known.get(address) === startBlock,
    );
  }
}

/** What the live books are. */
function manifestBefore({ wanted, changes: { name, entries } }: Plan): Manifest {
  return withChanges(wanted, {
    name: name === null ? null : { before: name.after, after: name.before },
    entries: entries.map((change) => ({ ...change, before: change.after, after: change.before })),
  });
}
