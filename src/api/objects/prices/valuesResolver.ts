import type { Address } from '../../../address.js';
import { NATIVE } from '../../../ledger/oracles/oracle.js';
import type {
  MintPaymentRecord,
  MintRevenueRecord,
} from '../../../store/read/collections/mintPayments.js';
import type { MintNode } from '../../lists/mints.js';
import { MODEL_PAYOUT_LIST, type ModelPayoutNode } from '../../lists/modelPayouts.js';
import { SNAPSHOT_LIST, type SnapshotNode } from '../../lists/snapshots.js';
import type { ApiContext } from '../../request/context.js';
import { MintPaymentType, MintRevenueType } from '../collections/mintPayment.js';
import { type PostingNode, PostingType } from '../operations/journal.js';
import { type OperationNode, RevenueOperationType } from '../operations/operations.js';
import { type Booked, valueResolver } from './valueResolver.js';

/** A receipt, claim or redemption. */
type RevenueNode = OperationNode & {
  readonly asset: Address | null;
  readonly amountWei: bigint;
};

/** Of types that no list declares; a list says itself what its rows were worth. */
export const VALUE_RESOLVERS = [
  valueResolver(RevenueOperationType, 'it', (node: RevenueNode) => ({
    place: { ...node, asset: node.asset ?? NATIVE },
    amount: node.amountWei,
  })),
  valueResolver(SNAPSHOT_LIST.Row, '`claimableWei`', ofSnapshot),
  valueResolver(PostingType, 'what was gained or given', ({ entry, amountWei }: PostingNode) => ({
    place: entry,
    amount: amountWei,
  })),
  valueResolver(MODEL_PAYOUT_LIST.Row, '`amount`', (payout: ModelPayoutNode) => ({
    place: payout,
    amount: payout.amount,
  })),
  valueResolver(MintPaymentType, '`paidWei`', (mint: MintPaymentRecord | MintNode) => ({
    place: { ...mint, asset: NATIVE },
    amount: mint.paidWei,
  })),
  valueResolver(MintRevenueType, 'it', ({ payment, amountWei }: MintRevenueRecord) => ({
    place: { ...payment, asset: NATIVE },
    amount: amountWei,
  })),
] as const;

async function ofSnapshot(
  { tokenRecord, bookNumber, ...snapshot }: SnapshotNode,
  { books }: ApiContext,
): Promise<Booked> {
  const shared = (await books.revenueAssets()).find(({ number }) => number === bookNumber);
  const place = { ...snapshot, chainId: tokenRecord.chainId, asset: shared?.asset ?? NATIVE };
  return { place, amount: snapshot.claimableWei };
}
