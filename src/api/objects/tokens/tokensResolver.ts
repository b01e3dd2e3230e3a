import { Args, ArgsType, Ctx, Field, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { Address } from '../../../address.js';
import type { PoolVersion } from '../../../store/read/tokens/poolVersions.js';
import { readSnapshotGap } from '../../../store/read/tokens/snapshotGap.js';
import { readTermsChanges } from '../../../store/read/tokens/tokenTerms.js';
import { connectionType, counted } from '../../lists/engine/connection.js';
import { AtInput } from '../../lists/engine/inputs.js';
import { holderList } from '../../lists/holderList.js';
import { HOLDER_LIST, type HolderListArgs } from '../../lists/holders.js';
import {
  SNAPSHOT_LIST,
  type SnapshotListArgs,
  snapshotList,
  snapshotNode,
} from '../../lists/snapshots.js';
import { TOKEN_LIST, type TokenListArgs, tokenList } from '../../lists/tokens.js';
import type { ApiContext } from '../../request/context.js';
import { readShared } from '../../request/sharedRead.js';
import { AddressScalar, BigIntScalar, SafeIntScalar } from '../../values/scalars.js';
import { DisagreementType } from '../chains/disagreement.js';
import { earliestNextSnapshot } from './earliestSnapshot.js';
import { HoldType } from './hold.js';
import {
  EarliestSnapshotType,
  type PoolsNode,
  PoolsType,
  SnapshotGapType,
  type TokenNode,
  TokenType,
  tokenNode,
} from './token.js';
import { TokenTermsType, termsHistoryNodes } from './tokenTerms.js';

/** How many changes of terms are shown. */
const MOST_CHANGES = 100;

@ArgsType()
class TokenArgs {
  @Field(() => SafeIntScalar, { description: 'EIP-155 chain id.' })
  readonly chainId!: number;

  @Field(() => AddressScalar, { description: 'Its contract.' })
  readonly address!: Address;

  @Field(() => AtInput, {
    nullable: true,
    description: 'The moment to answer for; default: the newest indexed block.',
  })
  readonly at?: AtInput | null;
}

const TokenConnection = connectionType(TokenType, 'Token', 'tokens');

@Resolver(() => TokenType)
export class TokenResolver {
  @Query(() => TokenType, { nullable: true, description: 'One revenue token.' })
  async token(
    @Args(() => TokenArgs) { chainId, address, at }: TokenArgs,
    @Ctx() { books }: ApiContext,
  ): Promise<TokenNode> {
    const asOf = await books.asOf(chainId, at);
    return tokenNode(await books.token(address, asOf), asOf);
  }

  @Query(() => TokenConnection, {
    nullable: true,
    description: 'The indexed revenue tokens that were deployed by then.',
  })
  tokens(@Args(() => TOKEN_LIST.Args) args: TokenListArgs, @Ctx() context: ApiContext) {
    return counted(context, tokenList(context, args));
  }

  @FieldResolver(() => BigIntScalar, { description: 'Total supply in token units.' })
  async supply(@Root() token: TokenNode, @Ctx() context: ApiContext): Promise<bigint> {
    return (await versionOf(token, context)).supply;
  }

  @FieldResolver(() => BigIntScalar, { description: "The contract's ETH balance in wei." })
  async balanceWei(@Root() token: TokenNode, @Ctx() context: ApiContext): Promise<bigint> {
    return (await versionOf(token, context)).balanceWei;
  }

  @FieldResolver(() => PoolsType, { description: 'What the balance is made of.' })
  async pools(@Root() token: TokenNode, @Ctx() context: ApiContext): Promise<PoolsNode> {
    const version = await versionOf(token, context);
    return {
      asOf: token.asOf,
      asset: 'native',
      newRevenueWei: version.newRevenueWei,
      claimableWei: version.claimPoolWei,
      redeemableWei: version.redeemPoolWei,
      redeemedFromNewWei: version.redeemedFromNewWei,
    };
  }

  @FieldResolver(() => BigIntScalar, {
    description: 'Revenue received since the deployment, in wei.',
  })
  async receivedWei(@Root() token: TokenNode, @Ctx() context: ApiContext): Promise<bigint> {
    return (await versionOf(token, context)).receivedWei;
  }

  @FieldResolver(() => BigIntScalar, {
    description: 'Claimed by all holders since the deployment, in wei.',
  })
  async claimedWei(@Root() token: TokenNode, @Ctx() context: ApiContext): Promise<bigint> {
    return (await versionOf(token, context)).claimedWei;
  }

  @FieldResolver(() => BigIntScalar, {
    description: 'Paid for burned tokens since the deployment, in wei.',
  })
  async redeemedWei(@Root() token: TokenNode, @Ctx() context: ApiContext): Promise<bigint> {
    return (await versionOf(token, context)).redeemedWei;
  }

  @FieldResolver(() => SNAPSHOT_LIST.Row, {
    nullable: true,
    description: 'The newest snapshot; null before the first.',
  })
  async lastSnapshot(@Root() token: TokenNode, @Ctx() context: ApiContext) {
    const last = await lastSnapshotOf(token, context);
    return last === null ? null : snapshotNode(last, token.record, token.asOf, last.snapshotId);
  }

  @FieldResolver(() => [TokenTermsType], {
    description:
      'The terms of its contract from block to block, the newest first, up to the moment: the last 100 changes, and the terms that it began with. The terms of any block: policy, with that block as the moment.',
  })
  async termsHistory(
    @Root() { record, asOf }: TokenNode,
    @Ctx() { db }: ApiContext,
  ): Promise<readonly TokenTermsType[]> {
    const range = { after: -1, upTo: asOf.block, limit: MOST_CHANGES };
    return termsHistoryNodes(
      record,
      await readTermsChanges(db, record.number, range),
      MOST_CHANGES,
    );
  }

  @FieldResolver(() => SnapshotGapType, {
    nullable: true,
    description:
      'The shortest gap between two snapshots up to this moment; null: fewer than two were taken.',
  })
  async shortestSnapshotGap(
    @Root() token: TokenNode,
    @Ctx() context: ApiContext,
  ): Promise<SnapshotGapType | null> {
    return readSnapshotGap(context.db, token.record.number, token.asOf.block);
  }

  @FieldResolver(() => EarliestSnapshotType, {
    nullable: true,
    description:
      'When the next snapshot can be taken at the earliest. Null if it cannot be known: before the first snapshot of a contract that does not say where it counts from, and for intervals in blocks on Arbitrum, which counts those of Ethereum.',
  })
  async earliestNextSnapshot(
    @Root() token: TokenNode,
    @Ctx() context: ApiContext,
  ): Promise<EarliestSnapshotType | null> {
    return earliestNextSnapshot(
      token.record,
      token.asOf.block,
      await lastSnapshotOf(token, context),
    );
  }

  @FieldResolver(() => [DisagreementType], {
    description:
      'Figures on which the books and the contract differ, by the newest audit, whatever the moment of the answer; the first 10. Empty: none is known. Answers that depend on such a token carry them in extensions.disagreements too.',
  })
  async disagreements(
    @Root() { record }: TokenNode,
    @Ctx() { audits }: ApiContext,
  ): Promise<readonly DisagreementType[]> {
    return (await audits.read()).disagreements.get(record.number) ?? [];
  }

  @FieldResolver(() => Boolean, {
    description:
      'The figures were not compared with the contract since the backfill. Answers that depend on such a token carry it in extensions.unaudited too.',
  })
  async isUnaudited(
    @Root() { record }: TokenNode,
    @Ctx() { audits }: ApiContext,
  ): Promise<boolean> {
    const { unaudited } = await audits.read();
    return unaudited.some(({ tokenNumber }) => tokenNumber === record.number);
  }

  @FieldResolver(() => HoldType, {
    nullable: true,
    description:
      'Set if the books of the token have ended, whatever the moment of the answer: figures stay those of its last block. Answers that depend on such a token carry it in extensions.held too.',
  })
  async held(
    @Root() { record }: TokenNode,
    @Ctx() { audits }: ApiContext,
  ): Promise<HoldType | null> {
    const { holds } = await audits.read(record.heldBlock === null ? [] : [record.number]);
    return holds.find(({ tokenNumber }) => tokenNumber === record.number) ?? null;
  }

  @FieldResolver(() => SNAPSHOT_LIST.Connection, { description: 'Its snapshots.' })
  snapshots(
    @Root() { record, asOf }: TokenNode,
    @Args(() => SNAPSHOT_LIST.Args) args: SnapshotListArgs,
    @Ctx() context: ApiContext,
  ) {
    const question = ['snapshots', record.number, asOf, args];
    const read = () => snapshotList(context, record, asOf, args);
    return counted(context, readShared(context, question, read));
  }

  @FieldResolver(() => HOLDER_LIST.Connection, { description: 'Everybody who ever held it.' })
  holders(
    @Root() { record, asOf }: TokenNode,
    @Args(() => HOLDER_LIST.Args) args: HolderListArgs,
    @Ctx() context: ApiContext,
  ) {
    const question = ['holders', record.number, asOf, args];
    const read = () => holderList(context, record, asOf, args);
    return counted(context, readShared(context, question, read));
  }
}

function versionOf({ record, asOf }: TokenNode, { loaders }: ApiContext): Promise<PoolVersion> {
  return loaders.poolVersion.load({ tokenNumber: record.number, block: asOf.block });
}

function lastSnapshotOf({ record, asOf }: TokenNode, { loaders }: ApiContext) {
  return loaders.lastSnapshot.load({ tokenNumber: record.number, block: asOf.block });
}
