import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import {
  isContractKind,
  type AccountKind as StoredKind,
} from '../../../store/read/accounts/accountKinds.js';
import {
  HOLDER_LIST,
  type HolderPositionNode,
  IS_CONTRACT_TEXT,
  KIND_TEXT,
  LABEL_TEXT,
} from '../../lists/holders.js';
import type { ApiContext } from '../../request/context.js';
import { AccountKind } from '../../values/accountEnums.js';
import { SafeIntScalar } from '../../values/scalars.js';

/** Who a holder is. */
@Resolver(() => HOLDER_LIST.Row)
export class HolderAccountResolver {
  @FieldResolver(() => Boolean, { nullable: true, description: IS_CONTRACT_TEXT })
  async isContract(@Root() node: HolderPositionNode, @Ctx() context: ApiContext) {
    return isContractKind((await factsOf(node, context)).kind);
  }

  @FieldResolver(() => AccountKind, { nullable: true, description: KIND_TEXT })
  async kind(
    @Root() node: HolderPositionNode,
    @Ctx() context: ApiContext,
  ): Promise<StoredKind | null> {
    return (await factsOf(node, context)).kind;
  }

  @FieldResolver(() => SafeIntScalar, {
    nullable: true,
    description:
      'The block at whose end its code was read: a contract may be deployed there later. Null: not yet.',
  })
  async codeBlock(@Root() node: HolderPositionNode, @Ctx() context: ApiContext) {
    return (await factsOf(node, context)).codeBlock;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: LABEL_TEXT,
  })
  label(@Root() { address, asOf }: HolderPositionNode, @Ctx() { loaders }: ApiContext) {
    return loaders.addressName.load({ chainId: asOf.chainId, address });
  }
}

function factsOf({ address, asOf }: HolderPositionNode, { loaders }: ApiContext) {
  return loaders.account.load({ chainId: asOf.chainId, address });
}
