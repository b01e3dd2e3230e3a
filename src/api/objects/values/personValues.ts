import { type HolderNode, HolderType } from '../holders/holder.js';
import {
  type PersonEntitlementNode,
  PersonEntitlementType,
  type PersonNode,
  type PersonPositionNode,
  PersonPositionType,
  PersonType,
} from '../persons/person.js';
import { entitlementsOf } from '../persons/readPerson.js';
import { momentValue } from '../prices/momentValue.js';
import { atMoment, own, type ValuedField, valuesResolver } from '../prices/momentValues.js';
import { sumOfValues } from '../prices/valueSum.js';

/** What is owed in every token and asset can be added up in a currency. */
const OWED = [
  'assignedWei',
  'totalClaimableWei',
  'claimedWei',
  'redeemedWei',
  'expiredWei',
  'redeemableWei',
  'accruingWei',
] as const;

const TOTAL_BASIS =
  'The sum over all tokens and assets, by the newest prices at the end of the block of each token (AT_MOMENT).';

function totals<Node>(
  positionsOf: (node: Node) => readonly PersonPositionNode[],
): Record<string, ValuedField<Node>> {
  const balance: ValuedField<Node> = async (node, context, currency) => {
    const values = positionsOf(node).map(({ tokenRecord, asOf, balance: amount }) =>
      momentValue(context, { asOf, asset: tokenRecord.address, amount }, currency),
    );
    return sumOfValues(currency, await Promise.all(values));
  };
  const owed = OWED.map((name): [string, ValuedField<Node>] => [
    name,
    async (node, context, currency) => {
      const values = positionsOf(node).map(async (position) => {
        const entitlements = await entitlementsOf(context, position);
        return Promise.all(
          entitlements.map(({ asOf, asset, [name]: amount }) =>
            momentValue(context, { asOf, asset, amount }, currency),
          ),
        );
      });
      return sumOfValues(currency, (await Promise.all(values)).flat());
    },
  ]);
  return { balance, ...Object.fromEntries(owed) };
}

/** What the accounts of a person hold, are owed and were paid is worth. */
export const PERSON_VALUES = [
  valuesResolver<PersonPositionNode>(
    PersonPositionType,
    'PersonPosition',
    atMoment<PersonPositionNode>(({ tokenRecord }) => tokenRecord.address, own('balance')),
  ),
  valuesResolver<PersonEntitlementNode>(
    PersonEntitlementType,
    'PersonEntitlement',
    atMoment<PersonEntitlementNode>(({ asset }) => asset, own(...OWED)),
  ),
  valuesResolver<PersonNode>(
    PersonType,
    'Person',
    totals<PersonNode>(({ positions }) => positions),
    TOTAL_BASIS,
  ),
  valuesResolver<HolderNode>(
    HolderType,
    'Holder',
    totals<HolderNode>(({ positions }) =>
      positions.map((position) => ({ ...position, accounts: [position.address] })),
    ),
    TOTAL_BASIS,
  ),
];
