import { type ClassType, ObjectType } from 'type-graphql';
import type { Address } from '../../../address.js';
import { fieldResolver, type ResolvedField } from '../../lists/engine/resolver.js';
import { RaiseAssetType } from '../sales/raiseAsset.js';
import { shownCoin } from '../units/coins.js';
import {
  type ModelTermsNode,
  ModelTermsType,
  type ModelTotalsNode,
  ModelTotalsType,
} from './model.js';

@ObjectType('PaymentAsset', {
  simpleResolvers: true,
  description: 'What a model is paid in: the unit of its fees.',
})
class PaymentAssetType extends RaiseAssetType {}

/** A field with the unit of fees. @param placeOf the chain, and the ERC-20; `null`: its own coin */
function paymentField<Node>(
  placeOf: (node: Node) => { readonly chainId: number; readonly paymentToken: Address | null },
): Record<string, ResolvedField<Node>> {
  return {
    payment: {
      shows: () => PaymentAssetType,
      text: 'The unit of its amounts, with symbol and decimals: as they were indexed, else as the contract of the ERC-20 says them now. They are null where no node answers.',
      resolve(node, context) {
        const { chainId, paymentToken } = placeOf(node);
        return shownCoin(context, chainId, paymentToken);
      },
    },
  };
}

/** Shows the unit of the amounts of a type that has `paymentToken`. */
export function paymentResolver<
  Node extends { readonly chainId: number; readonly paymentToken: Address | null },
>(Row: ClassType): ClassType {
  return fieldResolver(
    Row,
    paymentField<Node>((node) => node),
  );
}

/** What models are paid in, by the types of the models themselves. */
export const MODEL_PAYMENTS = [
  paymentResolver<ModelTermsNode>(ModelTermsType),
  fieldResolver(
    ModelTotalsType,
    paymentField<ModelTotalsNode>(({ asOf, paymentToken }) => ({
      chainId: asOf.chainId,
      paymentToken,
    })),
  ),
];
