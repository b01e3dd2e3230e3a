import { ArgsType, Field } from 'type-graphql';
import type { Address } from '../../address.js';
import { AddressScalar, SafeIntScalar } from '../values/scalars.js';

@ArgsType()
export class ChainArgs {
  @Field(() => SafeIntScalar, { nullable: true, description: 'Only this chain (EIP-155 id).' })
  readonly chainId?: number | null;
}

@ArgsType()
export class TokenArgs extends ChainArgs {
  @Field(() => AddressScalar, {
    nullable: true,
    description: 'Only this token; on every chain where it is indexed, unless chainId is given.',
  })
  readonly token?: Address | null;
}

@ArgsType()
class AssetArgs extends TokenArgs {
  @Field(() => AddressScalar, {
    nullable: true,
    description:
      'Only revenue in this ERC-20; amounts are then in its smallest unit. Default: only ETH, in wei.',
  })
  readonly asset?: Address | null;
}

@ArgsType()
export class PayerArgs extends AssetArgs {
  @Field(() => AddressScalar, { nullable: true, description: 'Only what this account sent.' })
  readonly payer?: Address | null;
}

@ArgsType()
export class HolderArgs extends AssetArgs {
  @Field(() => AddressScalar, { nullable: true, description: 'Only of this holder.' })
  readonly holder?: Address | null;
}

@ArgsType()
export class AccountArgs extends TokenArgs {
  @Field(() => AddressScalar, {
    nullable: true,
    description: 'Only transfers from or to this account.',
  })
  readonly account?: Address | null;
}

@ArgsType()
export class EntitlementArgs extends TokenArgs {
  @Field(() => AddressScalar, { description: 'The account.' })
  readonly address!: Address;
}
