import { Args, ArgsType, Ctx, Field, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { supplyOf } from '../../../ledger/collection.js';
import type { Hex } from '../../../store/read/query/decode.js';
import { inputError } from '../../errors.js';
import { AIGC_DATA_LIST, type AigcDataNode } from '../../lists/aigcData.js';
import {
  AIGC_TOKEN_LIST,
  type AigcTokenListArgs,
  type AigcTokenNode,
  aigcTokenList,
} from '../../lists/aigcTokens.js';
import {
  COLLECTION_LIST,
  type CollectionListArgs,
  collectionList,
} from '../../lists/collections.js';
import { connectionType, counted } from '../../lists/engine/connection.js';
import type { RequestBudget } from '../../request/budget.js';
import type { ApiContext } from '../../request/context.js';
import { BigIntScalar, SafeIntScalar } from '../../values/scalars.js';
import { AigcBytesType, AigcContentType, bytesType, contentType } from './aigcContent.js';
import { type CollectionNode, CollectionType } from './collection.js';
import { MintPaymentType } from './mintPayment.js';

/** Bytes of a prompt, content or proof that are answered if nothing else is said. */
const DEFAULT_LIMIT_BYTES = 16_384;
const MAX_LIMIT_BYTES = 16_777_216;
/** So many bytes cost as much as a row. */
const BYTES_PER_ROW = 1024;

@ArgsType()
class LimitArgs {
  @Field(() => SafeIntScalar, {
    defaultValue: DEFAULT_LIMIT_BYTES,
    description: 'At most so many bytes; what is longer is marked as truncated.',
  })
  readonly limitBytes!: number;
}

const CollectionConnection = connectionType(CollectionType, 'Collection', 'collections');

@Resolver(() => CollectionType)
export class CollectionResolver {
  @Query(() => CollectionConnection, {
    nullable: true,
    description: 'The indexed ERC-7007 collections that were deployed by then.',
  })
  collections(
    @Args(() => COLLECTION_LIST.Args) args: CollectionListArgs,
    @Ctx() context: ApiContext,
  ) {
    return counted(context, collectionList(context, args));
  }

  @FieldResolver(() => BigIntScalar, { description: 'Tokens that exist.' })
  async supply(@Root() node: CollectionNode, @Ctx() context: ApiContext): Promise<bigint> {
    return supplyOf(await stateOf(node, context));
  }

  @FieldResolver(() => BigIntScalar, { description: 'Tokens minted since the deployment.' })
  async minted(@Root() node: CollectionNode, @Ctx() context: ApiContext): Promise<bigint> {
    return (await stateOf(node, context)).minted;
  }

  @FieldResolver(() => BigIntScalar, { description: 'Tokens burned since the deployment.' })
  async burned(@Root() node: CollectionNode, @Ctx() context: ApiContext): Promise<bigint> {
    return (await stateOf(node, context)).burned;
  }

  @FieldResolver(() => BigIntScalar, {
    description: 'Came in with the calls that minted, in wei.',
  })
  async paidWei(@Root() node: CollectionNode, @Ctx() context: ApiContext): Promise<bigint> {
    return (await stateOf(node, context)).paidWei;
  }

  @FieldResolver(() => BigIntScalar, {
    description: 'Reached revenue tokens inside those calls, in wei.',
  })
  async revenueWei(@Root() node: CollectionNode, @Ctx() context: ApiContext): Promise<bigint> {
    return (await stateOf(node, context)).revenueWei;
  }

  @FieldResolver(() => BigIntScalar, {
    description: 'Reached revenue tokens outside those calls, from the contracts that minted: wei.',
  })
  async besideRevenueWei(
    @Root() node: CollectionNode,
    @Ctx() context: ApiContext,
  ): Promise<bigint> {
    return (await stateOf(node, context)).besideRevenueWei;
  }
}

@Resolver(() => AIGC_TOKEN_LIST.Row)
export class AigcTokenResolver {
  @Query(() => AIGC_TOKEN_LIST.Connection, {
    nullable: true,
    description: 'Tokens of ERC-7007 collections, burned ones too.',
  })
  aigcTokens(
    @Args(() => AIGC_TOKEN_LIST.Args) args: AigcTokenListArgs,
    @Ctx() context: ApiContext,
  ) {
    return counted(context, aigcTokenList(context, args));
  }

  @FieldResolver(() => AigcContentType, {
    nullable: true,
    description:
      'The prompt that belongs to it, whichever was written last (promptVerdict); null: none is known to.',
  })
  async prompt(
    @Root() { record, upTo }: AigcTokenNode,
    @Args(() => LimitArgs) { limitBytes }: LimitArgs,
    @Ctx() context: ApiContext,
  ): Promise<AigcContentType | null> {
    const { promptHash, collectionNumber } = record;
    if (promptHash === null) return null;
    return readContent(context, collectionNumber, promptHash, upTo, limitBytes);
  }

  @FieldResolver(() => MintPaymentType, {
    description: 'The call that minted it last.',
    nullable: true,
  })
  async mint(@Root() { record }: AigcTokenNode, @Ctx() { loaders }: ApiContext) {
    return record.paymentId === null ? null : loaders.mintPayment.load(record.paymentId);
  }
}

@Resolver(() => AIGC_DATA_LIST.Row)
export class AigcDataResolver {
  @FieldResolver(() => AigcContentType, { description: 'What the model was asked.' })
  prompt(
    @Root() { record, upTo }: AigcDataNode,
    @Args(() => LimitArgs) { limitBytes }: LimitArgs,
    @Ctx() context: ApiContext,
  ): Promise<AigcContentType> {
    return readContent(context, record.collectionNumber, record.promptHash, upTo, limitBytes);
  }

  @FieldResolver(() => AigcContentType, { description: 'What it made: aigcData of ERC-7007.' })
  content(
    @Root() { record, upTo }: AigcDataNode,
    @Args(() => LimitArgs) { limitBytes }: LimitArgs,
    @Ctx() context: ApiContext,
  ): Promise<AigcContentType> {
    return readContent(context, record.collectionNumber, record.contentHash, upTo, limitBytes);
  }

  @FieldResolver(() => AigcBytesType, {
    nullable: true,
    description: 'Its proof; null where the event has none.',
  })
  async proof(
    @Root() { record }: AigcDataNode,
    @Args(() => LimitArgs) { limitBytes }: LimitArgs,
    @Ctx() { loaders, budget }: ApiContext,
  ): Promise<AigcBytesType | null> {
    if (record.proofLength === null) return null;
    const key = { id: record.id, limitBytes: checkedLimit(limitBytes, budget) };
    const proof = await loaders.proof.load(key);
    return proof === null ? null : bytesType(proof);
  }
}

function stateOf({ record, asOf }: CollectionNode, { loaders }: ApiContext) {
  return loaders.collectionState.load({ collectionNumber: record.number, block: asOf.block });
}

async function readContent(
  { loaders, budget }: ApiContext,
  collectionNumber: number,
  hash: Hex,
  upTo: string,
  limitBytes: number,
): Promise<AigcContentType> {
  const key = { collectionNumber, hash, upTo, limitBytes: checkedLimit(limitBytes, budget) };
  return contentType(hash, await loaders.content.load(key));
}

/**
 * The limit, after it was counted as rows towards what the request may cost.
 *
 * @throws GraphQLError `BAD_LIMIT`; ImoError `QUERY_TOO_LARGE`
 */
function checkedLimit(limitBytes: number, budget: RequestBudget): number {
  if (limitBytes < 0 || limitBytes > MAX_LIMIT_BYTES) {
    throw inputError(
      'BAD_LIMIT',
      `limitBytes cannot be ${limitBytes}`,
      `Ask for 0 to ${MAX_LIMIT_BYTES} bytes.`,
    );
  }
  budget.spendRows(Math.ceil(limitBytes / BYTES_PER_ROW));
  return limitBytes;
}
