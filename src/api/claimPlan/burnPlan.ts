import { Field, ObjectType } from 'type-graphql';
import { functions } from '../../abi/erc7641.js';
import type { Address } from '../../address.js';
import { momentInBooks } from '../../books/archiveMark.js';
import { ImoError } from '../../errors.js';
import { type BurnQuote, burnQuoteOf } from '../../ledger/burnQuote.js';
import type { HolderBook } from '../../ledger/claimPlan.js';
import { entitlementOf } from '../../ledger/entitlement.js';
import { rulesAt } from '../../ledger/terms.js';
import type { AsOf } from '../../store/read/chains/asOf.js';
import type { TokenRecord } from '../../store/read/tokens/tokens.js';
import { assetsOf } from '../lists/assetList.js';
import { AsOfType } from '../objects/chains/asOf.js';
import type { ApiContext } from '../request/context.js';
import { AddressScalar, BigIntScalar } from '../values/scalars.js';
import { ClaimAssetType } from './claimPlan.js';
import { callLink, type HolderTransaction, holderTransaction } from './holderTransaction.js';
import { CHAIN_COIN, type ClaimAsset } from './plan.js';

@ObjectType('BurnPayment', {
  simpleResolvers: true,
  description:
    'What a burn does in one asset of a token: in wei, or the smallest unit of the ERC-20.',
})
export class BurnPaymentType {
  @Field(() => ClaimAssetType, { description: 'The asset.' })
  readonly asset!: ClaimAssetType;

  @Field(() => BigIntScalar, {
    description: 'What burning pays, to the wei: redeemableOnBurn(amount) of the contract.',
  })
  readonly paysWei!: bigint;

  @Field(() => BigIntScalar, {
    description: "The holder's part of a snapshot that is taken now.",
  })
  readonly accruingWei!: bigint;

  @Field(() => BigIntScalar, {
    description:
      'The same after the burn: the tokens that are left have a part of what the burn leaves.',
  })
  readonly accruingAfterWei!: bigint;
}

@ObjectType('BurnPlan', {
  simpleResolvers: true,
  description: 'What burning some tokens pays and gives up, before it is done.',
})
export class BurnPlanType {
  @Field(() => AddressScalar, { description: 'The holder.' })
  readonly holder!: Address;

  @Field(() => BigIntScalar, { description: 'Token units to burn.' })
  readonly amount!: bigint;

  @Field(() => BigIntScalar, { description: 'Token units that the holder has now.' })
  readonly balance!: bigint;

  @Field(() => [BurnPaymentType], {
    description: "In each asset that the token shares: the chain's own coin first.",
  })
  readonly pays!: readonly BurnPaymentType[];

  @Field(() => String, { description: 'An EIP-681 link that opens a wallet with the burn.' })
  readonly link!: string;

  @Field(() => AsOfType, { description: 'The block that the figures hold for.' })
  readonly asOf!: AsOf;
}

/** A burn of a holder. */
export interface BurnRequest {
  readonly chainId: number;
  readonly token: Address;
  readonly holder: Address;
  readonly amount: bigint;
}

/** What is planned, with the token behind it. */
export interface BurnPlan {
  readonly token: TokenRecord;
  readonly asOf: AsOf;
  readonly holder: Address;
  readonly amount: bigint;
  readonly balance: bigint;
  readonly pays: readonly (BurnQuote & { readonly asset: ClaimAsset })[];
  readonly transaction: HolderTransaction;
  readonly link: string;
}

/**
 * Quotes a burn as of the newest indexed block. What is claimable stays claimable after it.
 *
 * @throws ImoError `BURN_BAD_AMOUNT`, `BURN_REVERTS`, `UNKNOWN_TOKEN`, `UNKNOWN_CHAIN` or `NOTHING_INDEXED`
 */
export async function planBurn(
  context: ApiContext,
  { chainId, token: address, holder, amount }: BurnRequest,
): Promise<BurnPlan> {
  const { books } = context;
  context.budget.spendClaimPlan();
  const moment = await books.asOf(chainId, null);
  const token = await books.token(address, moment);
  const asOf = momentInBooks(token, moment);
  const shared = await assetsOf(token, asOf, context);
  const assets: ClaimAsset[] = [CHAIN_COIN, ...shared];
  const bookNumbers = [token.number, ...shared.map(({ bookNumber }) => bookNumber)];
  const holderBooks = await Promise.all(
    bookNumbers.map((bookNumber) =>
      context.loaders.holderBook.load({ token, account: holder, block: asOf.block, bookNumber }),
    ),
  );
  const rules = rulesAt(token.rules, asOf.block);
  const balance = balanceOf(holderBooks, rules);
  assertBurnable(amount, balance);
  const pays = holderBooks.flatMap((book, index) => {
    const asset = assets[index];
    const quote = burnQuoteOf(rules, book, balance, amount);
    if (quote === null) throw reverts(amount);
    return asset === undefined ? [] : [{ asset, ...quote }];
  });
  const call = { chainId, from: holder, token: address };
  return {
    token,
    asOf,
    holder,
    amount,
    balance,
    pays,
    transaction: holderTransaction(call, 'BURN', functions.burn.encode({ amount })),
    link: callLink(call, `burn?uint256=${amount}`),
  };
}

function balanceOf([book]: readonly HolderBook[], rules: ReturnType<typeof rulesAt>): bigint {
  return book === undefined ? 0n : entitlementOf(rules, book.state, book.holder).balance;
}

function assertBurnable(amount: bigint, balance: bigint): void {
  if (amount > 0n && amount <= balance) return;
  throw new ImoError(
    'BURN_BAD_AMOUNT',
    `${amount} token units cannot be burned: the account has ${balance}`,
    'Give an amount in the smallest unit of the token, from 1 to the balance.',
  );
}

function reverts(amount: bigint): ImoError {
  return new ImoError(
    'BURN_REVERTS',
    `the contract refuses to burn ${amount} token units now: it cannot compute what to pay`,
    'Ask again after the next snapshot, or for a smaller amount.',
  );
}
