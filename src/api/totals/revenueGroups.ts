import type { Address } from '../../address.js';
import type { AmountTotals } from '../../store/read/operations/operationTotals.js';
import { compareValues } from '../../store/read/query/keysetPage.js';
import { RECEIPT_LIST } from '../lists/receipts.js';
import type { RevenueGroupNode, RevenueGroupType } from '../objects/operations/journal.js';
import type { ApiContext } from '../request/context.js';
import { RevenueGrouping } from '../values/enums.js';
import type { TotalsArgs, TotalsNode } from './totals.js';

const GROUPS: Readonly<Record<RevenueGrouping, readonly string[]>> = {
  [RevenueGrouping.SOURCE]: ['SOURCE'],
  [RevenueGrouping.COLLECTION_PART]: ['SOURCE', 'COLLECTION_PART'],
  [RevenueGrouping.SOURCE_ADDRESS]: ['SOURCE', 'SOURCE_ADDRESS'],
  [RevenueGrouping.MODEL]: ['SOURCE', 'SOURCE_ADDRESS', 'MODEL'],
  [RevenueGrouping.PAYER]: ['SOURCE', 'PAYER'],
};

/** The books that are asked about. */
interface ReceiptScope {
  readonly token?: Address | null;
  readonly asset?: Address | null;
}

/**
 * The totals of receipts in the older form: steps in which nothing came in are left out, and
 * in each step the largest source is first.
 *
 * @throws ImoError and GraphQLError as `operationTotals`.
 */
export async function revenueGroups(
  context: ApiContext,
  args: TotalsArgs<ReceiptScope>,
  grouping: RevenueGrouping,
): Promise<RevenueGroupNode[]> {
  const { totals } = RECEIPT_LIST;
  if (totals === null) throw new RangeError('receipts have no totals');
  return (await totals.read(context, GROUPS[grouping], args))
    .filter(({ count }) => count > 0)
    .map(groupOf)
    .sort(
      (left, right) =>
        compareValues(Number(left.from), Number(right.from)) ||
        compareValues(right.amountWei, left.amountWei),
    );
}

/** Of the fields that the plan does not tell apart there are none. */
function groupOf({ from, chainId, count, amountWei, ...told }: TotalsNode): RevenueGroupNode {
  const { sum } = amountWei as AmountTotals;
  const { source, sourceAddress, modelId, collectionPart, payer } = told;
  return {
    from,
    chainId,
    source: source as RevenueGroupType['source'],
    sourceAddress: (sourceAddress ?? null) as RevenueGroupType['sourceAddress'],
    modelId: (modelId ?? null) as RevenueGroupType['modelId'],
    collectionPart: (collectionPart ?? null) as RevenueGroupType['collectionPart'],
    payer: (payer ?? null) as RevenueGroupType['payer'],
    asset: told.asset as string,
    amountWei: sum,
    receipts: count,
  };
}
