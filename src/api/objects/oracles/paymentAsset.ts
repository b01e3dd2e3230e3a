import { Ctx, FieldResolver, ObjectType, Resolver, Root } from 'type-graphql';
import type { Address } from '../../../address.js';
import { trustedSymbol } from '../../../books/moneySymbols.js';
import { NATIVE_DECIMALS, nativeSymbol } from '../../../books/nativeCoins.js';
import { readCoins } from '../../../export/columns/units.js';
import type { ApiContext } from '../../request/context.js';
import { readShared } from '../../request/sharedRead.js';
import { RaiseAssetType } from '../sales/raiseAsset.js';
import { type ModelNode, type ModelTotalsNode, ModelTotalsType, ModelType } from './model.js';

@ObjectType('PaymentAsset', {
  simpleResolvers: true,
  description: 'What a model is paid in: the unit of its fees.',
})
class PaymentAssetType extends RaiseAssetType {}

const PAYMENT_TEXT =
  'The unit of its amounts, with symbol and decimals: as they were indexed, else as the contract of the ERC-20 says them now. They are null where no node answers.';

@Resolver(() => ModelType)
export class ModelPaymentResolver {
  @FieldResolver(() => PaymentAssetType, { description: PAYMENT_TEXT })
  payment(@Root() { oracle, paymentToken }: ModelNode, @Ctx() context: ApiContext) {
    return paymentAsset(context, oracle.chainId, paymentToken);
  }
}

@Resolver(() => ModelTotalsType)
export class ModelTotalsPaymentResolver {
  @FieldResolver(() => PaymentAssetType, { description: PAYMENT_TEXT })
  payment(@Root() { asOf, paymentToken }: ModelTotalsNode, @Ctx() context: ApiContext) {
    return paymentAsset(context, asOf.chainId, paymentToken);
  }
}

async function paymentAsset(
  context: ApiContext,
  chainId: number,
  address: Address | null,
): Promise<PaymentAssetType> {
  if (address === null) {
    const symbol = nativeSymbol(chainId);
    return { address, symbol, symbolOnChain: null, decimals: NATIVE_DECIMALS };
  }
  const coins = await readShared(context, ['coins'], () => readCoins(context.db));
  const known = coins.find((coin) => coin.chainId === chainId && coin.address === address);
  const isKnown = known !== undefined && known.symbol !== null && known.decimals !== null;
  const said = isKnown ? known : await context.chainCoins.read(chainId, address);
  const symbol = known?.symbol ?? said.symbol;
  return {
    address,
    symbol: trustedSymbol(chainId, address, symbol),
    symbolOnChain: symbol,
    decimals: known?.decimals ?? said.decimals,
  };
}
