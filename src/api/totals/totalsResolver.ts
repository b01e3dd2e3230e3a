import { Args, Ctx, Query, Resolver } from 'type-graphql';
import {
  ClaimFilterInput,
  ReceiptFilterInput,
  RedemptionFilterInput,
} from '../lists/inputs/filters.js';
import type { RequestFields } from '../lists/inputs/listFields.js';
import { MintFilterInput } from '../lists/inputs/mintInputs.js';
import {
  ClaimWhere,
  MintWhere,
  ReceiptWhere,
  RedemptionWhere,
  RequestWhere,
} from '../lists/inputs/operationWheres.js';
import { RequestFilterInput } from '../lists/inputs/oracleInputs.js';
import { MINT_SET, type MintFields } from '../lists/mints.js';
import { REQUEST_SET } from '../lists/oracleRequests.js';
import {
  CLAIM_SET,
  type ClaimFields,
  RECEIPT_SET,
  REDEMPTION_SET,
  type ReceiptFields,
  type RedemptionFields,
} from '../lists/revenueOperations.js';
import type { ApiContext } from '../request/context.js';
import { operationTotals, type TotalsNode } from './totals.js';
import { type TotalsQueryArgs, totalsArgs } from './totalsInputs.js';
import {
  CLAIM_TOTALS,
  MINT_TOTALS,
  RECEIPT_TOTALS,
  REDEMPTION_TOTALS,
  REQUEST_TOTALS,
} from './totalsPlans.js';

const ReceiptArgs = totalsArgs<ReceiptFilterInput, ReceiptFields, unknown>(
  ReceiptFilterInput,
  ReceiptWhere,
  RECEIPT_TOTALS,
);
const ClaimArgs = totalsArgs<ClaimFilterInput, ClaimFields, unknown>(
  ClaimFilterInput,
  ClaimWhere,
  CLAIM_TOTALS,
);
const RedemptionArgs = totalsArgs<RedemptionFilterInput, RedemptionFields, unknown>(
  RedemptionFilterInput,
  RedemptionWhere,
  REDEMPTION_TOTALS,
);
const RequestArgs = totalsArgs<RequestFilterInput, RequestFields, unknown>(
  RequestFilterInput,
  RequestWhere,
  REQUEST_TOTALS,
);
const MintArgs = totalsArgs<MintFilterInput, MintFields, unknown>(
  MintFilterInput,
  MintWhere,
  MINT_TOTALS,
);

@Resolver()
export class TotalsResolver {
  @Query(() => [RECEIPT_TOTALS.Totals], {
    nullable: true,
    description: 'How much revenue came in: in all, by source, token or payer, step by step.',
  })
  receiptTotals(
    @Args(() => ReceiptArgs) args: TotalsQueryArgs<ReceiptFilterInput, ReceiptFields>,
    @Ctx() context: ApiContext,
  ): Promise<TotalsNode[]> {
    return operationTotals(context, RECEIPT_SET, RECEIPT_TOTALS.planFor(args.groupBy), args);
  }

  @Query(() => [CLAIM_TOTALS.Totals], {
    nullable: true,
    description: 'How much holders claimed: in all, by token, snapshot or holder, step by step.',
  })
  claimTotals(
    @Args(() => ClaimArgs) args: TotalsQueryArgs<ClaimFilterInput, ClaimFields>,
    @Ctx() context: ApiContext,
  ): Promise<TotalsNode[]> {
    return operationTotals(context, CLAIM_SET, CLAIM_TOTALS.planFor(args.groupBy), args);
  }

  @Query(() => [REDEMPTION_TOTALS.Totals], {
    nullable: true,
    description: 'How much burns paid: in all, by token or holder, step by step.',
  })
  redemptionTotals(
    @Args(() => RedemptionArgs) args: TotalsQueryArgs<RedemptionFilterInput, RedemptionFields>,
    @Ctx() context: ApiContext,
  ): Promise<TotalsNode[]> {
    return operationTotals(context, REDEMPTION_SET, REDEMPTION_TOTALS.planFor(args.groupBy), args);
  }

  @Query(() => [REQUEST_TOTALS.Totals], {
    nullable: true,
    description:
      'What AI oracles charged: in all, by oracle, model or account, step by step; never added up over assets.',
  })
  requestTotals(
    @Args(() => RequestArgs) args: TotalsQueryArgs<RequestFilterInput, RequestFields>,
    @Ctx() context: ApiContext,
  ): Promise<TotalsNode[]> {
    return operationTotals(context, REQUEST_SET, REQUEST_TOTALS.planFor(args.groupBy), args);
  }

  @Query(() => [MINT_TOTALS.Totals], {
    nullable: true,
    description: 'What was minted and paid for it: in all, by collection or payer, step by step.',
  })
  mintTotals(
    @Args(() => MintArgs) args: TotalsQueryArgs<MintFilterInput, MintFields>,
    @Ctx() context: ApiContext,
  ): Promise<TotalsNode[]> {
    return operationTotals(context, MINT_SET, MINT_TOTALS.planFor(args.groupBy), args);
  }
}
