import {
  Args,
  ArgsType,
  Ctx,
  Field,
  FieldResolver,
  Int,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { type Address, addressBytes, checksummed } from '../../../address.js';
import { ImoError } from '../../../errors.js';
import { COMMITMENT_ALGORITHM } from '../../../proofs/entitlementTree.js';
import { loadKeccak256 } from '../../../proofs/keccak.js';
import { entitlementLeaf } from '../../../proofs/leaf.js';
import { readSnapshotShare } from '../../../store/read/entitlements/snapshotShares.js';
import { hexOf } from '../../../store/read/query/decode.js';
import { SNAPSHOT_LIST, type SnapshotNode } from '../../lists/snapshots.js';
import type { ApiContext } from '../../request/context.js';
import { AddressScalar, SafeIntScalar } from '../../values/scalars.js';
import type { EntitlementProofNode } from './commitment.js';
import { EntitlementProofType, SnapshotCommitmentType } from './commitment.js';

@ArgsType()
class EntitlementProofArgs {
  @Field(() => SafeIntScalar, { description: 'EIP-155 chain id.' })
  readonly chainId!: number;

  @Field(() => AddressScalar, { description: 'The token.' })
  readonly token!: Address;

  @Field(() => Int, { description: 'Its snapshot.' })
  readonly snapshotId!: number;

  @Field(() => AddressScalar, { description: 'Whose share to prove.' })
  readonly holder!: Address;

  @Field(() => AddressScalar, {
    nullable: true,
    description: 'In this ERC-20 that the token shares; default: in ETH.',
  })
  readonly asset?: Address | null;
}

@Resolver(() => SNAPSHOT_LIST.Row)
export class CommitmentResolver {
  @FieldResolver(() => SnapshotCommitmentType, {
    nullable: true,
    description: 'What its shares are committed with; null until its block is final.',
  })
  async commitment(
    @Root() { bookNumber, snapshotId }: SnapshotNode,
    @Ctx() { loaders }: ApiContext,
  ): Promise<SnapshotCommitmentType | null> {
    const commitment = await loaders.commitment.load({ bookNumber, snapshotId });
    return commitment === null ? null : { ...commitment, algorithm: COMMITMENT_ALGORITHM };
  }

  @Query(() => EntitlementProofType, {
    nullable: true,
    description: "A holder's share of a snapshot, with a proof against the committed root.",
  })
  async entitlementProof(
    @Args(() => EntitlementProofArgs) args: EntitlementProofArgs,
    @Ctx() { books, budget, db, loaders, trees }: ApiContext,
  ): Promise<EntitlementProofNode> {
    budget.spendPage();
    const { snapshotId, holder } = args;
    const token = await books.token(args.token, await books.asOf(args.chainId, null));
    const [{ number: bookNumber } = token] = await books.booksIn(args.asset, [token]);
    const snapshot = { tokenNumber: token.number, bookNumber, snapshotId };
    const commitment = await loaders.commitment.load(snapshot);
    if (commitment === null) throw notCommitted(args);
    const share = await readSnapshotShare(db, snapshot, addressBytes(holder));
    const { root } = commitment;
    if (share === null || root === null) throw noShare(args);
    const tree = await trees.read(token, snapshot, root);
    const leaf = entitlementLeaf(await loadKeccak256(), share.account, share.shareWei);
    const proof = tree.proofOf(leaf);
    if (proof === null) throw new Error(`the tree of ${root} lacks the share of ${holder}`);
    return {
      chainId: args.chainId,
      root,
      leaf: hexOf(Buffer.from(leaf)),
      proof,
      holder,
      asset: args.asset ?? 'native',
      shareWei: share.shareWei,
      snapshotId,
      algorithm: COMMITMENT_ALGORITHM,
    };
  }
}

function notCommitted({ token, snapshotId }: EntitlementProofArgs): ImoError {
  return new ImoError(
    'NOT_COMMITTED',
    `snapshot ${snapshotId} of ${checksummed(token)} has no commitment`,
    'The commitment is made soon after the block of the snapshot is final: see `commitment` in the list `snapshots`.',
  );
}

function noShare({ token, snapshotId, holder }: EntitlementProofArgs): ImoError {
  return new ImoError(
    'NO_SHARE',
    `snapshot ${snapshotId} of ${checksummed(token)} assigned nothing to ${checksummed(holder)}`,
    'Only accounts with a share have a proof; the field `balanceAt` of an entitlement shows what the account held.',
  );
}
