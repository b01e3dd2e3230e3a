import { LRUCache } from 'lru-cache';
import type pg from 'pg';
import type { QueryConfig, QueryResultRow } from 'pg';
import { queryUntil } from '../../store/database/postgres.js';
import type { Queryable } from '../../store/read/query/queryable.js';
import { FairQueue } from '../limits/turns/fairQueue.js';
import { RequestRun } from '../limits/turns/requestRun.js';
import type { ApiPools } from './pool.js';
import { StatementTrouble } from './statementTrouble.js';

/** What statements run among: none waits for those of another lane. */
export type LaneName = 'shared' | 'cheap' | 'heavy';

/** The database as requests may use it. */
export interface Lanes {
  /** For one request: its client waits its turn, and what it stops is cancelled. */
  of(run: RequestRun): Queryable;
  /** For what requests share. */
  shared(lane: LaneName, signal?: AbortSignal): Queryable;
  /** Why statements keep failing; `null`: they do not. */
  readonly trouble: string | null;
}

/** A database without lanes: for tests, and for programs that have it to themselves. */
export function oneLane(db: Queryable): Lanes {
  return { of: (run) => run.metering(db), shared: () => db, trouble: null };
}

/** The client of what requests share. */
const SHARED = 'shared';
/** PostgreSQL: `query_canceled`. */
const QUERY_CANCELED = '57014';

/** Statements that were late so often are not tried among the cheap ones again for a while. */
const LATE_OFTEN = 2;
const LATE_FOR_MS = 10_000;

interface Lane {
  readonly pool: pg.Pool;
  readonly places: FairQueue;
}

/**
 * Connections of their own for cheap and for expensive statements, given to the clients in turn. A cheap
 * statement that takes longer than its lane allows runs again among the expensive ones.
 */
export class DatabaseLanes implements Lanes {
  /** How often statements were late in the lane for cheap ones, of late. */
  private readonly late = new LRUCache<string, number>({ max: 1_000, ttl: LATE_FOR_MS });
  private readonly lanes: Readonly<Record<LaneName, Lane>>;
  private readonly failing = new StatementTrouble();

  private readonly isCurrent: (client: object) => boolean;

  constructor(pools: ApiPools) {
    this.isCurrent = (client) => pools.server.isCurrent(client);
    const laneOf = (pool: pg.Pool) => ({
      pool,
      places: new FairQueue({ atOnce: pool.options.max }),
    });
    this.lanes = {
      shared: laneOf(pools.shared),
      cheap: laneOf(pools.cheap),
      heavy: laneOf(pools.heavy),
    };
  }

  get trouble(): string | null {
    return this.failing.reason;
  }

  of(run: RequestRun): Queryable {
    return this.as(() => run.lane, run);
  }

  shared(lane: LaneName, signal?: AbortSignal): Queryable {
    const run = new RequestRun(SHARED);
    signal?.addEventListener('abort', () => run.stop(signal.reason), { once: true });
    return this.as(() => lane, run);
  }

  private as(laneOf: () => LaneName, run: RequestRun): Queryable {
    return {
      query: async <Row extends QueryResultRow>(statement: QueryConfig<unknown[]>) => {
        const name = statement.name ?? statement.text;
        const asked = laneOf();
        const lane = asked === 'cheap' && this.isSlow(name) ? 'heavy' : asked;
        try {
          return await this.run<Row>(lane, statement, run);
        } catch (error) {
          if (lane !== 'cheap' || run.signal.aborted || !isOverTime(error)) throw error;
          this.late.set(name, (this.late.get(name) ?? 0) + 1);
          return this.run<Row>('heavy', statement, run);
        }
      },
    };
  }

  private isSlow(statement: string): boolean {
    return (this.late.get(statement) ?? 0) >= LATE_OFTEN;
  }

  private async run<Row extends QueryResultRow>(
    name: LaneName,
    statement: QueryConfig<unknown[]>,
    run: RequestRun,
  ): Promise<pg.QueryResult<Row>> {
    const { pool, places } = this.lanes[name];
    const leave = await places.enter(run.client, run.signal);
    try {
      const result = await run.metered(() =>
        queryUntil<Row>(pool, statement, run.signal, this.isCurrent),
      );
      this.failing.succeeded(statement.name ?? statement.text);
      return result;
    } catch (error) {
      if (!run.signal.aborted) this.failing.failed(statement.name ?? statement.text, error);
      throw error;
    } finally {
      leave();
    }
  }
}

function isOverTime(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === QUERY_CANCELED;
}
