import { Args, ArgsType, Ctx, Field, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { Address } from '../../../address.js';
import { AtInput } from '../../lists/engine/inputs.js';
import type { ApiContext } from '../../request/context.js';
import { AddressScalar, SafeIntScalar } from '../../values/scalars.js';
import { AsOfType } from '../chains/asOf.js';
import { ThroughEntitlementType } from '../holders/through.js';
import { type SaleNode, SaleType, saleNode } from '../sales/sale.js';
import { TokenType, tokenNode } from '../tokens/token.js';
import {
  PersonEntitlementType,
  type PersonNode,
  type PersonParticipationNode,
  PersonParticipationType,
  type PersonPositionNode,
  PersonPositionType,
  PersonType,
} from './person.js';
import { throughOf } from './personThrough.js';
import { entitlementsOf, momentsOf, participationsOf, readPerson } from './readPerson.js';

const PERSON_TEXT = 'The accounts, 1 to 100; one that is named twice counts once.';

@ArgsType()
class PersonArgs {
  @Field(() => [AddressScalar], { description: PERSON_TEXT })
  readonly holders!: readonly Address[];

  @Field(() => SafeIntScalar, {
    nullable: true,
    description: 'Only tokens of this chain (EIP-155 id).',
  })
  readonly chainId?: number | null;

  @Field(() => AtInput, {
    nullable: true,
    description:
      'The moment to answer for; a block needs chainId where several chains are indexed. Default: the newest indexed block of each chain.',
  })
  readonly at?: AtInput | null;
}

@Resolver(() => PersonType)
export class PersonResolver {
  @Query(() => PersonType, {
    nullable: true,
    description:
      'Several accounts as one person: what they hold, are owed, were paid and paid together, across tokens and chains. What moves between them is netted.',
  })
  person(@Args(() => PersonArgs) args: PersonArgs, @Ctx() context: ApiContext) {
    return readPerson(context, args);
  }

  @FieldResolver(() => [PersonParticipationType], {
    description: 'What they did in sales, with the cost basis in each.',
  })
  participations(@Root() person: PersonNode, @Ctx() context: ApiContext) {
    return participationsOf(context, person);
  }

  @FieldResolver(() => [ThroughEntitlementType], {
    description:
      'What they are owed together through pools that hold tokens for them, in every asset: not part of the positions. What leads through one of the accounts is left out: it is in the positions.',
  })
  through(@Root() person: PersonNode, @Ctx() context: ApiContext) {
    return throughOf(context, person);
  }

  @FieldResolver(() => [AsOfType], { description: 'The block of each chain.' })
  asOf(@Root() person: PersonNode) {
    return momentsOf(person);
  }
}

@Resolver(() => PersonPositionType)
export class PersonPositionResolver {
  @FieldResolver(() => TokenType, { description: 'The token, as of the same moment.' })
  token(@Root() { tokenRecord, asOf }: PersonPositionNode) {
    return tokenNode(tokenRecord, asOf);
  }

  @FieldResolver(() => [PersonEntitlementType], {
    description: 'What they are owed together in every asset that the token shares: ETH first.',
  })
  entitlements(@Root() position: PersonPositionNode, @Ctx() context: ApiContext) {
    return entitlementsOf(context, position);
  }
}

@Resolver(() => PersonParticipationType)
export class PersonParticipationResolver {
  @FieldResolver(() => SaleType, { description: 'The sale, as of the same moment.' })
  sale(@Root() { saleRecord, asOf }: PersonParticipationNode): SaleNode {
    return saleNode(saleRecord, asOf);
  }
}
