import { Field, Int, ObjectType } from 'type-graphql';
import type { Address } from '../../../address.js';
import { trustedSymbol } from '../../../books/moneySymbols.js';
import { NATIVE_DECIMALS, nativeSymbol } from '../../../books/nativeCoins.js';
import type { SaleRecord } from '../../../store/read/sales/sales.js';
import { AddressScalar } from '../../values/scalars.js';
import { ON_CHAIN_SYMBOL_TEXT, SYMBOL_TEXT } from '../../values/symbolTexts.js';

@ObjectType('RaiseAsset', {
  simpleResolvers: true,
  description: 'What a sale raises: the unit of the amounts that are paid in and back.',
})
export class RaiseAssetType {
  @Field(() => AddressScalar, {
    nullable: true,
    description: "The ERC-20; null for the chain's own coin.",
  })
  readonly address!: Address | null;

  @Field(() => String, { nullable: true, description: SYMBOL_TEXT })
  readonly symbol!: string | null;

  @Field(() => String, { nullable: true, description: ON_CHAIN_SYMBOL_TEXT })
  readonly symbolOnChain!: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Digits after the decimal point; null where the contract does not say them.',
  })
  readonly decimals!: number | null;
}

export const RAISE_TEXT = 'The unit of what is paid in and back, with symbol and decimals.';

export function raiseAssetOf({
  chainId,
  raiseAsset: address,
  raiseSymbol,
  raiseDecimals: decimals,
}: SaleRecord): RaiseAssetType {
  if (address === null) {
    const symbol = nativeSymbol(chainId);
    return { address, symbol, symbolOnChain: null, decimals: NATIVE_DECIMALS };
  }
  const symbol = trustedSymbol(chainId, address, raiseSymbol);
  return { address, symbol, symbolOnChain: raiseSymbol, decimals };
}
