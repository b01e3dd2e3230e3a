import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { momentInBooks } from '../../../books/archiveMark.js';
import type { ApiContext } from '../../request/context.js';
import { ASSET_TEXT, AssetScalar } from '../../values/scalars.js';
import { DepositPoolIdentityType, depositPoolIdentity } from '../identities.js';
import { TokenType, tokenNode } from '../tokens/token.js';
import { type EntitlementNode, EntitlementType, type HolderNode, HolderType } from './holder.js';
import { pooledTokens, ThroughEntitlementType, type ThroughNode, throughNodes } from './through.js';

@Resolver(() => HolderType)
export class HolderThroughResolver {
  @FieldResolver(() => [ThroughEntitlementType], {
    description:
      'What it is owed through pools that hold tokens for it, also of tokens that it never held itself. In ETH.',
  })
  async through(@Root() { address, moments }: HolderNode, @Ctx() context: ApiContext) {
    const tokens = await pooledTokens(context);
    const keys = tokens.flatMap((token) => {
      const moment = moments.get(token.chainId);
      if (moment === undefined || token.startBlock > moment.block) return [];
      const asOf = momentInBooks(token, moment);
      return [{ token, account: address, block: asOf.block, asOf }];
    });
    return throughNodes(context, keys);
  }
}

@Resolver(() => EntitlementType)
export class EntitlementThroughResolver {
  @FieldResolver(() => [ThroughEntitlementType], {
    description:
      'What the holder is owed in addition, through pools that hold the token for it: not part of the other figures.',
  })
  through(@Root() { of, asOf }: EntitlementNode, @Ctx() context: ApiContext) {
    return throughNodes(context, [{ ...of, asOf }]);
  }
}

@Resolver(() => ThroughEntitlementType)
export class ThroughEntitlementResolver {
  @FieldResolver(() => AssetScalar, { description: ASSET_TEXT })
  asset(@Root() { bookNumber }: ThroughNode, @Ctx() { books }: ApiContext) {
    return books.assetOf(bookNumber);
  }

  @FieldResolver(() => TokenType, { description: 'The token.' })
  token(@Root() { token, asOf }: ThroughNode) {
    return tokenNode(token, asOf);
  }

  @FieldResolver(() => [DepositPoolIdentityType])
  path(@Root() { path }: ThroughNode): DepositPoolIdentityType[] {
    return path.map(depositPoolIdentity);
  }
}
