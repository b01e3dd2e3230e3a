import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { Address } from '../../address.js';
import { shownSymbol } from '../../books/moneySymbols.js';
import type { AsOf } from '../../store/read/chains/asOf.js';
import type { CollectionRecord } from '../../store/read/collections/collections.js';
import type { DepositPoolRecord } from '../../store/read/pools/depositPools.js';
import type { SaleRecord } from '../../store/read/sales/sales.js';
import type { TokenRecord } from '../../store/read/tokens/tokens.js';
import { checksummedQuickly } from '../values/checksums.js';
import { PoolKind } from '../values/poolEnums.js';
import { SaleKind } from '../values/saleEnums.js';
import { AddressScalar, SafeIntScalar } from '../values/scalars.js';
import { ON_CHAIN_SYMBOL_TEXT, SYMBOL_TEXT } from '../values/symbolTexts.js';
import { RAISE_TEXT, RaiseAssetType, raiseAssetOf } from './sales/raiseAsset.js';

/** What an `id` without a moment means. */
const LASTING_ID = 'Its chain and address: nothing in it depends on the moment.';

/** What an `id` with a moment means. */
export const MOMENT_ID =
  'What it is, and the block that its figures hold for: another block has another id.';

/** A contract, whatever the moment. Not a type of the schema. */
@ObjectType('ContractIdentity', { simpleResolvers: true })
class ContractIdentityType {
  @Field(() => ID, { description: LASTING_ID })
  readonly id!: string;

  @Field(() => SafeIntScalar, { description: 'EIP-155 chain id.' })
  readonly chainId!: number;

  @Field(() => AddressScalar, { description: 'Its contract.' })
  readonly address!: Address;
}

/** Not a type of the schema. */
@ObjectType('NamedIdentity', { simpleResolvers: true })
class NamedIdentityType extends ContractIdentityType {
  @Field(() => String, { nullable: true, description: 'name(), if the contract has it.' })
  readonly name!: string | null;

  @Field(() => String, { nullable: true, description: SYMBOL_TEXT })
  readonly symbol!: string | null;

  @Field(() => String, { nullable: true, description: ON_CHAIN_SYMBOL_TEXT })
  readonly symbolOnChain!: string | null;
}

@ObjectType('TokenIdentity', {
  simpleResolvers: true,
  description:
    'Which revenue token (ERC-7641). For its figures at a moment, ask `token` with chainId and address.',
})
export class TokenIdentityType extends NamedIdentityType {
  @Field(() => Int, { nullable: true, description: 'decimals(), if the contract has it.' })
  readonly decimals!: number | null;
}

@ObjectType('CollectionIdentity', {
  simpleResolvers: true,
  description:
    'Which collection of AI-generated content (ERC-7007). For its figures at a moment, ask `collections`.',
})
export class CollectionIdentityType extends NamedIdentityType {
  @Field(() => String, { nullable: true, description: 'Its name in the config, if it has one.' })
  readonly label!: string | null;
}

@ObjectType('SaleIdentity', {
  simpleResolvers: true,
  description:
    'Which sale of a revenue token. For its figures at a moment, ask `sale` with chainId and address.',
})
export class SaleIdentityType extends ContractIdentityType {
  @Field(() => RaiseAssetType, { description: RAISE_TEXT })
  readonly raise!: RaiseAssetType;

  @Field(() => SaleKind, { description: 'What it works like.' })
  readonly kind!: string;

  @Field(() => String, { nullable: true, description: 'Its name in imo.yaml, if it has one.' })
  readonly label!: string | null;

  @Field(() => AddressScalar, { description: 'The token sold.' })
  readonly tokenAddress!: Address;

  @Field(() => AddressScalar, {
    nullable: true,
    description: "The ERC-20 raised; null for the chain's own coin.",
  })
  readonly raiseAsset!: Address | null;
}

@ObjectType('DepositPoolIdentity', {
  simpleResolvers: true,
  description:
    'Which pool holds a revenue token for its depositors. For its figures at a moment, ask `depositPools`.',
})
export class DepositPoolIdentityType extends ContractIdentityType {
  @Field(() => PoolKind, { description: 'What it works like.' })
  readonly kind!: string;

  @Field(() => String, { nullable: true, description: 'Its name in imo.yaml, if it has one.' })
  readonly label!: string | null;

  @Field(() => AddressScalar, {
    description: 'What it holds: the token, or another pool of which it has shares.',
  })
  readonly holds!: Address;
}

export function depositPoolIdentity(record: DepositPoolRecord): DepositPoolIdentityType {
  const { kind, label, holds } = record;
  return { ...contractIdentity(record), id: poolId(record), kind, label, holds };
}

export function tokenIdentity(record: TokenRecord): TokenIdentityType {
  const { name, symbol, decimals } = record;
  return {
    ...contractIdentity(record),
    name,
    symbol: shownSymbol(record),
    symbolOnChain: symbol,
    decimals,
  };
}

export function collectionIdentity(record: CollectionRecord): CollectionIdentityType {
  const { name, symbol, label } = record;
  return {
    ...contractIdentity(record),
    name,
    symbol: shownSymbol(record),
    symbolOnChain: symbol,
    label,
  };
}

export function saleIdentity(record: SaleRecord): SaleIdentityType {
  const { kind, label, token, raiseAsset } = record;
  const raise = raiseAssetOf(record);
  return { ...contractIdentity(record), kind, label, tokenAddress: token, raiseAsset, raise };
}

/** A contract on its chain. */
interface Contract {
  readonly chainId: number;
  readonly address: Address;
}

function contractIdentity({ chainId, address }: Contract): ContractIdentityType {
  return { id: contractId({ chainId, address }), chainId, address };
}

/** `1:0xAbC…` */
export function contractId({ chainId, address }: Contract): string {
  return `${chainId}:${checksummedQuickly(address)}`;
}

/** `pool:1:0xAbC…`: a pool may be a token too, and caches such as Relay's know ids only. */
export function poolId(contract: Contract): string {
  return `pool:${contractId(contract)}`;
}

/** Digits that tell a block from one that a reorg put in its place. */
const HASH_DIGITS = 18;

/** The id of something at a moment: `1:0xAbC…@21000000:0x1234567890abcdef`. */
export function momentId(what: string, { block, hash }: AsOf): string {
  return hash === null ? `${what}@${block}` : `${what}@${block}:${hash.slice(0, HASH_DIGITS)}`;
}
