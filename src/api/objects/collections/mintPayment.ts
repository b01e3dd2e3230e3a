import { Field, ObjectType } from 'type-graphql';
import type { Address } from '../../../address.js';
import { MINT_PAYMENT } from '../../../model/tables/mintPayment.js';
import { field, objectType, optional, shown } from '../../lists/engine/field.js';
import { ADDRESS, AMOUNT, SELECTOR } from '../../lists/engine/fieldKinds.js';
import { PLACE_IN_TRANSACTION } from '../../lists/engine/operationFields.js';
import { AddressScalar, BigIntScalar } from '../../values/scalars.js';

@ObjectType('MintRevenue', {
  simpleResolvers: true,
  description: 'Money of a mint that reached a revenue token.',
})
export class MintRevenueType {
  @Field(() => AddressScalar, { description: 'The revenue token.' })
  readonly token!: Address;

  @Field(() => AddressScalar, { description: 'Who paid it: the last one on the way.' })
  readonly payer!: Address;

  @Field(() => BigIntScalar, { description: 'Wei.' })
  readonly amountWei!: bigint;

  @Field(() => Boolean, {
    description:
      'Paid inside the call that minted; otherwise outside it, by the contract that made the call.',
  })
  readonly isInside!: boolean;
}

const { columns } = MINT_PAYMENT;

/** Fields of the call that a mint and the mint of a token share. */
export const MINT_PAYMENT_FIELDS = {
  payer: field(ADDRESS, columns.payer),
  sender: field(ADDRESS, 'Who signed the transaction.', columns.sender),
  paidWei: field(AMOUNT, 'Value of the call, in wei, for all of its tokens.', columns.paidWei),
  mintCount: field(AMOUNT, columns.mintCount),
  selector: optional(
    SELECTOR,
    'First four bytes of the call data; null for the creation of the contract or a plain payment.',
    columns.selector,
  ),
};

const { block, timestamp, transactionHash } = PLACE_IN_TRANSACTION;

export const MintPaymentType = objectType(
  'MintPayment',
  'A call that minted, and the money that came in with it.',
  {
    block,
    timestamp,
    transactionHash,
    ...MINT_PAYMENT_FIELDS,
    revenue: shown(
      [MintRevenueType],
      'What reached revenue tokens. What a minter paid once for several mints belongs to none of them alone and is not here, but in besideRevenueWei of the collection.',
    ),
  },
);
