import { Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { connectionType, counted } from '../../lists/engine/connection.js';
import { operationList } from '../../lists/engine/operationList.js';
import { MintsArgs } from '../../lists/inputs/mintInputs.js';
import { MINT_SET, type MintNode } from '../../lists/mints.js';
import type { ApiContext } from '../../request/context.js';
import { MintRevenueType } from './aigcToken.js';
import { MintType } from './mint.js';

const MintConnection = connectionType(MintType, 'Mint', 'mints');

@Resolver(() => MintType)
export class MintResolver {
  @Query(() => MintConnection, {
    nullable: true,
    description: 'Calls that minted tokens of ERC-7007 collections, and what came in with them.',
  })
  mints(@Args(() => MintsArgs) args: MintsArgs, @Ctx() context: ApiContext) {
    return counted(context, operationList(context, MINT_SET, args));
  }

  @FieldResolver(() => [MintRevenueType], {
    description: 'What reached revenue tokens, inside the call and outside it.',
  })
  async revenue(@Root() { id }: MintNode, @Ctx() { loaders }: ApiContext) {
    return (await loaders.mintPayment.load(id))?.revenue ?? [];
  }
}
