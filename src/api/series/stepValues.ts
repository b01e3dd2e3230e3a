import type { Where } from '../../store/read/query/where.js';
import { readSnapshotPlaces, type SnapshotPlace } from '../../store/read/tokens/snapshotPlaces.js';
import { CLAIM_LIST } from '../lists/claims.js';
import { RECEIPT_LIST } from '../lists/receipts.js';
import { REDEMPTION_LIST } from '../lists/redemptions.js';
import { entriesValue } from '../objects/prices/entriesValue.js';
import {
  atMoment,
  own,
  seriesValuesResolver,
  type ValuedField,
} from '../objects/prices/momentValues.js';
import { type ValueSumType, valueOfNothing } from '../objects/prices/valueSum.js';
import type { ApiContext } from '../request/context.js';
import type { HolderStepNode } from './holderRanks.js';
import { HolderStepType } from './holderStep.js';
import { type PersonStepNode, PersonStepType } from './personSeries.js';
import type { SeriesOfBooks, ValuedStep } from './stepMoment.js';
import { TokenStepType } from './tokenStep.js';
import { type TokenStepNode } from './withoutContracts.js';

const FLOWS = {
  receivedWei: RECEIPT_LIST.totals,
  claimedWei: CLAIM_LIST.totals,
  redeemedWei: REDEMPTION_LIST.totals,
};

type Flow = keyof typeof FLOWS;
type ByStep = ReadonlyMap<number, ValueSumType>;

/** Values of the steps of a series, read once for all of them. */
const flowsRead = new WeakMap<SeriesOfBooks, Map<string, Promise<ByStep>>>();
const placesRead = new WeakMap<SeriesOfBooks, Promise<ReadonlyMap<number, SnapshotPlace>>>();

/** What moved in a step, each entry at its own price. */
function flow<Node extends ValuedStep & { readonly from: Date }>(name: Flow): ValuedField<Node> {
  return async ({ series, from }, context, currency) => {
    const known = flowsRead.get(series) ?? new Map<string, Promise<ByStep>>();
    flowsRead.set(series, known);
    const question = `${name} ${currency}`;
    const read = known.get(question) ?? readFlow(context, series, name, currency);
    known.set(question, read);
    return (await read).get(from.getTime()) ?? valueOfNothing(currency, 'at-each-entry', null);
  };
}

/** By the totals of the entries, whose steps are the same. */
async function readFlow(
  context: ApiContext,
  { chainId, token, asset, interval, at, steps, accounts }: SeriesOfBooks,
  name: Flow,
  currency: string,
): Promise<ByStep> {
  const [first, last] = [steps[0], steps.at(-1)];
  const totals = FLOWS[name];
  if (first === undefined || last === undefined) return new Map();
  if (totals === null) throw new RangeError(`${name} has no totals`);
  const timestamp = { gte: first.from, lte: new Date(last.to.getTime() - 1) };
  const rows = await totals.read(context, [], {
    filter: {
      chainId,
      token,
      asset,
      timestamp,
      ...(accounts?.length === 1 ? { holder: accounts[0] } : {}),
    },
    where:
      accounts === null || accounts.length === 1
        ? null
        : ({ holder: { _in: accounts } } as Where<object>),
    at,
    interval,
    currency,
    basis: 'at-each-entry',
  });
  return new Map(
    rows.flatMap(({ from, amountWei }) => {
      const { value } = amountWei as { readonly value: ValueSumType | null };
      return from === null || value === null ? [] : [[from.getTime(), value] as const];
    }),
  );
}

/** The shares of the snapshots of a step, each at the price of its snapshot. */
const assigned: ValuedField<PersonStepNode> = async (
  { series, shares, asOf },
  context,
  currency,
) => {
  const read = placesRead.get(series) ?? readPlaces(context, series);
  placesRead.set(series, read);
  const places = await read;
  const asset = series.asset ?? 'native';
  const entries = [...shares].map(([snapshotId, amount]) => {
    const place = places.get(snapshotId);
    if (place === undefined) throw new RangeError(`no place of snapshot ${snapshotId}`);
    return { place: { ...place, chainId: asOf.chainId, asset }, amount };
  });
  return entriesValue(context, entries, currency);
};

function readPlaces({ db }: ApiContext, { bookNumber }: SeriesOfBooks) {
  return readSnapshotPlaces(db, bookNumber, { first: 1, last: 2 ** 31 - 1 });
}

const inAsset = ({ asset }: { readonly asset: string }) => asset;
const ofToken = ({ series }: ValuedStep) => series.token;

const END =
  'The others are by the newest prices at the end of the step, or at the moment of the answer if that comes first (AT_MOMENT).';
const owedAtEnd = own('claimableWei', 'accruingWei', 'redeemableWei', 'expiredWei');

/** What the steps of series are worth. */
export const STEP_VALUES = [
  seriesValuesResolver<TokenStepNode>(
    TokenStepType,
    'TokenStep',
    {
      receivedWei: flow('receivedWei'),
      claimedWei: flow('claimedWei'),
      redeemedWei: flow('redeemedWei'),
      ...atMoment<TokenStepNode>(ofToken, own('supply')),
      ...atMoment<TokenStepNode>(inAsset, own('balanceWei')),
    },
    `What was received, claimed and redeemed is the sum of its entries, each at its own price (AT_EACH_ENTRY). ${END}`,
  ),
  seriesValuesResolver<HolderStepNode>(
    HolderStepType,
    'HolderStep',
    {
      claimedWei: flow('claimedWei'),
      redeemedWei: flow('redeemedWei'),
      ...atMoment<HolderStepNode>(ofToken, own('balance')),
      ...atMoment<HolderStepNode>(inAsset, owedAtEnd),
    },
    `What was claimed and redeemed is the sum of its entries, each at its own price (AT_EACH_ENTRY). ${END}`,
  ),
  seriesValuesResolver<PersonStepNode>(
    PersonStepType,
    'PersonStep',
    {
      assignedWei: assigned,
      claimedWei: flow('claimedWei'),
      redeemedWei: flow('redeemedWei'),
      ...atMoment<PersonStepNode>(ofToken, own('balance')),
      ...atMoment<PersonStepNode>(inAsset, owedAtEnd),
    },
    `What was earned, claimed and redeemed is the sum of its snapshots or entries, each at its own price (AT_EACH_ENTRY). ${END}`,
  ),
];
