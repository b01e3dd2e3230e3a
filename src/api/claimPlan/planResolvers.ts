import { BurnPlanResolver, SnapshotPlanResolver } from './actionPlansResolver.js';
import {
  ClaimPlanResolver,
  ClaimRemainderResolver,
  ClaimStepResolver,
  ClaimThroughResolver,
  ClaimTransactionResolver,
  ClaimWarningResolver,
  RemainingClaimResolver,
} from './claimPlanResolver.js';
import { ClaimPlansResolver } from './claimPlansResolver.js';

/** What plans transactions: claims, burns and snapshots. */
export const PLAN_RESOLVERS = [
  ClaimPlanResolver,
  ClaimStepResolver,
  ClaimThroughResolver,
  ClaimTransactionResolver,
  ClaimRemainderResolver,
  RemainingClaimResolver,
  ClaimWarningResolver,
  ClaimPlansResolver,
  BurnPlanResolver,
  SnapshotPlanResolver,
] as const;
