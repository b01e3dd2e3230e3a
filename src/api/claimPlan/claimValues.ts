import { momentValue } from '../objects/prices/momentValue.js';
import { own, type ValuedField, valuesOf, valuesResolver } from '../objects/prices/momentValues.js';
import { sumOfValues } from '../objects/prices/valueSum.js';
import {
  ClaimPaymentType,
  type ClaimPlanNode,
  ClaimPlanType,
  RemainingClaimType,
} from './claimPlan.js';
import type { ClaimPayment, RemainingClaim } from './plan.js';

const placeOf = ({ asset, asOf }: Pick<ClaimPayment, 'asset' | 'asOf'>) => {
  return { asOf, asset: asset.address ?? 'native' };
};

const NOW =
  'By the newest prices at the block of the plan (AT_MOMENT): nobody knows what it is worth when the claim is made.';

const pays: ValuedField<ClaimPlanNode> = async ({ steps }, context, currency) => {
  const payments = steps.flatMap((step) => step.pays);
  const values = payments.map((payment) => {
    return momentValue(context, { ...placeOf(payment), amount: payment.amount }, currency);
  });
  return sumOfValues(currency, await Promise.all(values));
};

/** What the claims of a plan would be worth. */
export const CLAIM_VALUES = [
  valuesResolver<ClaimPayment>(
    ClaimPaymentType,
    'ClaimPayment',
    valuesOf<ClaimPayment>(own('amount'), placeOf),
    NOW,
  ),
  valuesResolver<RemainingClaim>(
    RemainingClaimType,
    'RemainingClaim',
    valuesOf<RemainingClaim>(
      {
        claimable: ({ entitlement }) => entitlement.totalClaimableWei,
        accruing: ({ entitlement }) => entitlement.accruingWei,
        redeemable: ({ entitlement }) => entitlement.redeemableWei,
      },
      placeOf,
    ),
    NOW,
  ),
  valuesResolver<ClaimPlanNode>(
    ClaimPlanType,
    'ClaimPlan',
    { pays },
    `The sum of all steps. ${NOW}`,
  ),
];
