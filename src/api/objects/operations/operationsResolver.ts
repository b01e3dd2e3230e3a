import { Args, ArgsType, Ctx, Field, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { Where } from '../../../store/read/query/where.js';
import { connectionType, counted } from '../../lists/engine/connection.js';
import { AtInput, PageArgs } from '../../lists/engine/inputs.js';
import { operationList } from '../../lists/engine/operationList.js';
import {
  ClaimFilterInput,
  ReceiptFilterInput,
  RedemptionFilterInput,
  TransferFilterInput,
} from '../../lists/inputs/filters.js';
import {
  ClaimWhere,
  ReceiptWhere,
  RedemptionWhere,
  TransferWhere,
} from '../../lists/inputs/operationWheres.js';
import {
  CLAIM_SET,
  type ClaimFields,
  RECEIPT_SET,
  REDEMPTION_SET,
  type ReceiptFields,
  type RedemptionFields,
  TRANSFER_SET,
  type TransferFields,
} from '../../lists/revenueOperations.js';
import type { ApiContext } from '../../request/context.js';
import { OrderDirection } from '../../values/enums.js';
import { OperationOrderBy } from '../../values/orderEnums.js';
import { TokenType, tokenNode } from '../tokens/token.js';
import {
  ClaimType,
  type OperationNode,
  OperationType,
  ReceiptType,
  RedemptionType,
  TransferType,
} from './operations.js';

@ArgsType()
export class OperationsArgs extends PageArgs {
  @Field(() => OperationOrderBy, {
    defaultValue: OperationOrderBy.CHAIN,
    description: 'What the list is ordered by.',
  })
  readonly orderBy!: OperationOrderBy;

  @Field(() => OrderDirection, {
    defaultValue: OrderDirection.DESC,
    description: 'Which end comes first.',
  })
  readonly direction!: OrderDirection;

  @Field(() => AtInput, {
    nullable: true,
    description: 'Only what had happened by then; default: the newest indexed block.',
  })
  readonly at?: AtInput | null;
}

@ArgsType()
class ReceiptsArgs extends OperationsArgs {
  @Field(() => ReceiptFilterInput, { nullable: true, description: 'Only these.' })
  readonly filter?: ReceiptFilterInput | null;

  @Field(() => ReceiptWhere, { nullable: true, description: 'Only these, by their own fields.' })
  readonly where?: Where<ReceiptFields> | null;
}

@ArgsType()
class ClaimsArgs extends OperationsArgs {
  @Field(() => ClaimFilterInput, { nullable: true, description: 'Only these.' })
  readonly filter?: ClaimFilterInput | null;

  @Field(() => ClaimWhere, { nullable: true, description: 'Only these, by their own fields.' })
  readonly where?: Where<ClaimFields> | null;
}

@ArgsType()
class RedemptionsArgs extends OperationsArgs {
  @Field(() => RedemptionFilterInput, { nullable: true, description: 'Only these.' })
  readonly filter?: RedemptionFilterInput | null;

  @Field(() => RedemptionWhere, { nullable: true, description: 'Only these, by their own fields.' })
  readonly where?: Where<RedemptionFields> | null;
}

@ArgsType()
class TransfersArgs extends OperationsArgs {
  @Field(() => TransferFilterInput, { nullable: true, description: 'Only these.' })
  readonly filter?: TransferFilterInput | null;

  @Field(() => TransferWhere, { nullable: true, description: 'Only these, by their own fields.' })
  readonly where?: Where<TransferFields> | null;
}

const ReceiptConnection = connectionType(ReceiptType, 'Receipt', 'receipts');
const ClaimConnection = connectionType(ClaimType, 'Claim', 'claims');
const RedemptionConnection = connectionType(RedemptionType, 'Redemption', 'redemptions');
const TransferConnection = connectionType(TransferType, 'Transfer', 'transfers');

@Resolver(() => OperationType)
export class OperationResolver {
  @Query(() => ReceiptConnection, {
    nullable: true,
    description: 'Money that reached tokens: revenue as it came in.',
  })
  receipts(@Args(() => ReceiptsArgs) args: ReceiptsArgs, @Ctx() context: ApiContext) {
    return counted(context, operationList(context, RECEIPT_SET, args));
  }

  @Query(() => ClaimConnection, {
    nullable: true,
    description: 'Shares of snapshots that holders took.',
  })
  claims(@Args(() => ClaimsArgs) args: ClaimsArgs, @Ctx() context: ApiContext) {
    return counted(context, operationList(context, CLAIM_SET, args));
  }

  @Query(() => RedemptionConnection, {
    nullable: true,
    description: 'Tokens that holders burned for revenue.',
  })
  redemptions(@Args(() => RedemptionsArgs) args: RedemptionsArgs, @Ctx() context: ApiContext) {
    return counted(context, operationList(context, REDEMPTION_SET, args));
  }

  @Query(() => TransferConnection, { nullable: true, description: 'ERC-20 transfers of tokens.' })
  transfers(@Args(() => TransfersArgs) args: TransfersArgs, @Ctx() context: ApiContext) {
    return counted(context, operationList(context, TRANSFER_SET, args));
  }

  @FieldResolver(() => TokenType, { description: 'The token, as of the moment of the list.' })
  async token(@Root() { tokenNumber, asOf }: OperationNode, @Ctx() { books }: ApiContext) {
    return tokenNode(await books.tokenNumbered(tokenNumber), asOf);
  }
}
