import { Field, ObjectType } from 'type-graphql';
import { functions } from '../../abi/erc7641.js';
import type { Address } from '../../address.js';
import { momentInBooks } from '../../books/archiveMark.js';
import type { AsOf } from '../../store/read/chains/asOf.js';
import type { TokenRecord } from '../../store/read/tokens/tokens.js';
import { AsOfType } from '../objects/chains/asOf.js';
import { EarliestSnapshotType } from '../objects/tokens/token.js';
import type { ApiContext } from '../request/context.js';
import { expiryOf } from './expiry.js';
import { callLink, type HolderTransaction, holderTransaction } from './holderTransaction.js';

@ObjectType('SnapshotPlan', {
  simpleResolvers: true,
  description: 'Whether the next snapshot of a token can be taken, and how.',
})
export class SnapshotPlanType {
  @Field(() => EarliestSnapshotType, {
    nullable: true,
    description:
      'When it can be taken at the earliest; null where that cannot be known: then transaction.gas says whether the node would take it now.',
  })
  readonly earliest!: EarliestSnapshotType | null;

  @Field(() => Boolean, { description: 'Whether the next block can have it.' })
  readonly isDue!: boolean;

  @Field(() => Boolean, { description: 'Whether anyone may take it; false: only some accounts.' })
  readonly isForAnyone!: boolean;

  @Field(() => String, { description: 'An EIP-681 link that opens a wallet with the snapshot.' })
  readonly link!: string;

  @Field(() => AsOfType, { description: 'The block that this holds for.' })
  readonly asOf!: AsOf;
}

/** A snapshot that an account would take. */
export interface SnapshotRequest {
  readonly chainId: number;
  readonly token: Address;
  readonly sender: Address;
}

/** What is planned, with the token behind it. */
export interface SnapshotPlan extends SnapshotPlanType {
  readonly token: TokenRecord;
  readonly transaction: HolderTransaction;
}

/**
 * Plans the next snapshot of a token, as of the newest indexed block.
 *
 * @throws ImoError `UNKNOWN_TOKEN`, `UNKNOWN_CHAIN` or `NOTHING_INDEXED`
 */
export async function planSnapshot(
  context: ApiContext,
  { chainId, token: address, sender }: SnapshotRequest,
): Promise<SnapshotPlan> {
  const { books, loaders } = context;
  context.budget.spendClaimPlan();
  const moment = await books.asOf(chainId, null);
  const token = await books.token(address, moment);
  const asOf = momentInBooks(token, moment);
  const lastSnapshot = await loaders.lastSnapshot.load({
    tokenNumber: token.number,
    block: asOf.block,
  });
  const { earliest, isDue } = expiryOf({ token, asOf, lastSnapshot }, 1);
  const call = { chainId, from: sender, token: address };
  return {
    token,
    asOf,
    earliest,
    isDue,
    isForAnyone: token.rules.policy.parts.snapshots === 'anyone',
    transaction: holderTransaction(call, 'SNAPSHOT', functions.snapshot.encode({})),
    link: callLink(call, 'snapshot'),
  };
}
