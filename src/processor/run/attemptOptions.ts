import type { HeardAnswers } from '../../chain/heardAnswers.js';
import type { PoolConnection } from '../../chain/rpc/connection/poolConnection.js';
import type { ChainCache } from '../../chain/source/cache/openCache.js';
import type { FrameWays } from '../holding/frameWays.js';
import type { HoldRetries } from '../holding/retries.js';
import type { BooksOptions } from '../indexerOptions.js';
import type { LearnedChanges } from '../tokens/terms/termsChanged.js';
import type { SaidPlan } from './planRun.js';
import type { RunDatabase } from './runDatabase.js';
import type { RunTotals } from './supervise.js';

export interface AttemptOptions extends BooksOptions {
  readonly pool: PoolConnection;
  readonly cache: ChainCache | null;
  readonly database: RunDatabase;
  readonly onWarning: (line: string) => void;
  readonly totals: RunTotals;
  /** Survives the attempts of a run. */
  readonly learned: LearnedChanges;
  /** How frames are read, which depends on the attempts before. */
  readonly ways: FrameWays;
  readonly retries: HoldRetries;
  readonly heard: HeardAnswers;
  readonly saidPlan: SaidPlan;
}
