import { labelResolvers } from '../lists/engine/labels.js';
import { fieldResolver } from '../lists/engine/resolver.js';
import { type BurnPlan, BurnPlanType } from './burnPlan.js';
import { ClaimTransactionType } from './claimPlan.js';

/** The labels of who burns, who signs a transaction, and what it calls. */
export const PLAN_NAMES = [
  fieldResolver(
    BurnPlanType,
    labelResolvers<BurnPlan>([{ of: 'holder' }], ({ asOf }) => asOf.chainId),
  ),
  fieldResolver(
    ClaimTransactionType,
    labelResolvers<ClaimTransactionType>([{ of: 'from' }, { of: 'to' }], ({ chainId }) => chainId),
  ),
];
