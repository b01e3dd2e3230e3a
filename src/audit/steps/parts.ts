import type pg from 'pg';
import type { ChainNode } from '../../chain/node.js';
import type { ChainViews } from '../questions/chainViews.js';
import type { AuditComparison } from '../questions/question.js';
import type { DrawnHolders } from './drawnHolders.js';

/** Which holders of a token are asked about: all, or so many of them. */
export type HolderChoice = 'all' | number;

/** What every part of an audit works with. */
export interface AuditContext {
  readonly db: pg.Pool;
  readonly node: ChainNode;
  readonly views: ChainViews;
  /** Multicall3 is used where it is deployed. */
  readonly multicall: boolean;
  /** All holders are asked about, or these of each token. */
  readonly holders: 'all' | DrawnHolders;
  /** Earlier blocks that are drawn for each token. */
  readonly earlier: number;
}

/** Some figures of a step. */
export interface AuditPart {
  /** May still wait for the chain. */
  readonly comparison: AuditComparison | Promise<AuditComparison>;
  /** What the contract does not let us compare, and why. */
  readonly notCompared: readonly string[];
  /** Accounts that this part was about. */
  readonly accounts: number;
  /** Where the next part continues; `null`: the step is done. */
  readonly next: string | null;
}
