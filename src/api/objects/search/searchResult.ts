import { Field, ObjectType } from 'type-graphql';
import type { Address } from '../../../address.js';
import type {
  SearchKind as Kind,
  SearchAnswer,
  SearchedAs as SearchedAsKind,
  SearchHit,
} from '../../../books/search.js';
import type { AsOf } from '../../../store/read/chains/asOf.js';
import type { Hex } from '../../../store/read/query/decode.js';
import { kindEnum } from '../../values/kindEnum.js';
import { AddressScalar, Bytes32Scalar, SafeIntScalar } from '../../values/scalars.js';
import { ON_CHAIN_SYMBOL_TEXT, SYMBOL_TEXT } from '../../values/symbolTexts.js';
import { AsOfType } from '../chains/asOf.js';

const HIT_KINDS = kindEnum<Kind>('SearchKind', 'What was found.', {
  token: 'A revenue token that is indexed.',
  oracle: 'An AI oracle that is indexed.',
  collection: 'A collection that is indexed.',
  sale: 'A sale that is indexed.',
  pool: 'A pool of depositors that is indexed.',
  asset: 'An ERC-20 that a token shares or a sale raises.',
  label: 'An address that the config gives a name.',
  account: 'An account with rows: a holder, payer, participant or depositor.',
  transaction: 'A transaction with rows.',
});

const SEARCHED_AS = kindEnum<SearchedAsKind>('SearchedAs', 'What a text was searched as.', {
  address: 'An address.',
  'address-prefix': 'The start of an address, and a name.',
  transaction: 'The hash of a transaction.',
  names: 'A name, a symbol or a label.',
});

@ObjectType('SearchHit', { simpleResolvers: true, description: 'Something that was found.' })
class SearchHitType implements SearchHit {
  @Field(() => HIT_KINDS, { description: 'What it is.' })
  readonly kind!: Kind;

  @Field(() => SafeIntScalar, { description: 'EIP-155 chain id.' })
  readonly chainId!: number;

  @Field(() => AddressScalar, { nullable: true, description: 'Its address; null: a transaction.' })
  readonly address!: Address | null;

  @Field(() => Bytes32Scalar, {
    nullable: true,
    description: 'Of a transaction: its hash.',
  })
  readonly transactionHash!: Hex | null;

  @Field(() => SafeIntScalar, { nullable: true, description: 'Of a transaction: its block.' })
  readonly block!: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'name() of the contract as it is. A contract calls itself what it likes.',
  })
  readonly name!: string | null;

  @Field(() => String, { nullable: true, description: SYMBOL_TEXT })
  readonly symbol!: string | null;

  @Field(() => String, { nullable: true, description: ON_CHAIN_SYMBOL_TEXT })
  readonly symbolOnChain!: string | null;

  @Field(() => String, { nullable: true, description: 'Name that the config gives it.' })
  readonly label!: string | null;

  @Field(() => [String], { description: 'The queries that show it, e.g. `token` or `transfers`.' })
  readonly lists!: readonly string[];
}

@ObjectType('SearchResult', {
  simpleResolvers: true,
  description: 'What a search found, and what it searched.',
})
export class SearchResultType implements SearchAnswer {
  @Field(() => [SearchHitType], {
    description: 'The best match first; empty: nothing up to the blocks of `asOf` has it.',
  })
  readonly hits!: readonly SearchHit[];

  @Field(() => Boolean, { description: 'There are more than `first`.' })
  readonly hasMore!: boolean;

  @Field(() => SEARCHED_AS, { description: 'What the text was searched as.' })
  readonly searchedAs!: SearchedAsKind;

  @Field(() => Boolean, {
    description:
      'False: transactions cannot be found yet. The indexer creates their indexes after its backfill.',
  })
  readonly isComplete!: boolean;

  @Field(() => [AsOfType], { description: 'The block on each chain that the answer holds for.' })
  readonly asOf!: readonly AsOf[];
}
