import { type ClassType, Field, ObjectType } from 'type-graphql';
import type { AsOf } from '../../store/read/chains/asOf.js';
import { CLAIM_LIST } from '../lists/claims.js';
import { RECEIPT_LIST } from '../lists/receipts.js';
import { REDEMPTION_LIST } from '../lists/redemptions.js';
import { SNAPSHOT_LIST } from '../lists/snapshots.js';
import { TRANSFER_LIST } from '../lists/transfers.js';
import { AsOfType } from '../objects/chains/asOf.js';
import { SafeIntScalar } from '../values/scalars.js';
import { GapReason } from './books/enums.js';

@ObjectType('Gap', {
  simpleResolvers: true,
  description:
    'Blocks whose entries are not sent. Forget what you have of them, and read the list again for these blocks.',
})
export class GapType {
  @Field(() => SafeIntScalar, { description: 'The first of these blocks; forget later ones too.' })
  readonly fromBlock!: number;

  @Field(() => SafeIntScalar, { description: 'The last of these blocks: that of asOf.' })
  readonly toBlock!: number;

  @Field(() => GapReason, { description: 'Why.' })
  readonly reason!: GapReason;
}

/** Makes the type `<name>Changes`: what happened to a list. */
function changesType(Node: ClassType, name: string): ClassType {
  @ObjectType(`${name}Changes`, {
    simpleResolvers: true,
    description:
      'What happened to the list on one chain. Who does in this order what it says has the whole list as of its block.',
  })
  class ChangesType {
    @Field(() => AsOfType, {
      description: 'The chain, and the block as of which the list is whole afterwards.',
    })
    readonly asOf!: AsOf;

    @Field(() => GapType, {
      nullable: true,
      description: '1. What is not sent and to be read again; null: nothing, mostly.',
    })
    readonly gap!: GapType | null;

    @Field(() => [Node], {
      description: '2. What a reorg took back, as it was sent: take it out, by its id.',
    })
    readonly withdrawn!: readonly object[];

    @Field(() => [Node], {
      description: '3. What came in, in the order of the chain: put it in, by its id.',
    })
    readonly added!: readonly object[];
  }
  return ChangesType;
}

export const ReceiptChanges = changesType(RECEIPT_LIST.Row, 'Receipt');
export const ClaimChanges = changesType(CLAIM_LIST.Row, 'Claim');
export const RedemptionChanges = changesType(REDEMPTION_LIST.Row, 'Redemption');
export const TransferChanges = changesType(TRANSFER_LIST.Row, 'Transfer');
export const SnapshotChanges = changesType(SNAPSHOT_LIST.Row, 'Snapshot');
