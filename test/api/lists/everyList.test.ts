import {
  getNamedType,
  getNullableType,
  isInputObjectType,
  isListType,
  isObjectType,
} from 'graphql';
import { describe, expect, test } from 'vitest';
import { buildApiSchema } from '../../../src/api/schema.js';
import { fieldsOf, isConnection } from '../../support/lists.js';

const schema = buildApiSchema();

const FIELDS = fieldsOf(schema).map(({ type, name, field }) => ({
  name: `${type}.${name}`,
  parent: schema.getType(type),
  field,
}));

const CONNECTIONS = FIELDS.filter(({ field }) => isConnection(getNamedType(field.type)));

/** What a connection itself is made of. */
const OF_CONNECTION = new Set(['edges', 'nodes', 'asOf']);

/** Lists of objects that have no pages. */
const PLAIN = FIELDS.filter(({ parent, field }) => {
  const isPart = isConnection(parent) && OF_CONNECTION.has(field.name);
  const isList = isListType(getNullableType(field.type));
  return isList && isObjectType(getNamedType(field.type)) && !isPart;
});

/** Lists that are short by nature, and why. Nothing that grows with the life of a chain is here. */
const SHORT: Readonly<Record<string, string>> = {
  'ChainStatus.endpoints': 'those that the config names',
  'Query.priceFeeds': 'imo.yaml names them',
  'Query.status': 'one for each chain',
  'Subscription.status': 'one for each chain',
  'Token.assets': 'the ERC-20s that the owner of the token accepted',
  'Token.disagreements': 'the first 10',
  'Token.termsHistory': 'the last 100 changes; policy at a block has those of any other',
  'ChainStatus.groups': 'those that the config names',
  'ChainStatus.held': 'one for each contract of the config at most',
  'ChainStatus.archived': 'one for each contract that the config once had',
  'ChainStatus.refusedCreations': 'the newest 20',
  'ChainStatus.unrehearsedCode': 'one for each token of the config at most',
  'JoiningBooks.contracts': 'some of the contracts of the config',
  'ChainStatus.sourceRanges': 'neighbours that were found and proven in the same way are one',
  'Holder.positions': 'at most one for each token in imo.yaml',
  'Person.positions': 'at most one for each token in imo.yaml',
  'Person.participations': 'at most one for each sale in imo.yaml',
  'PersonPosition.entitlements': 'ETH and each of Token.assets',
  'Person.asOf': 'one for each chain',
  'SearchResult.asOf': 'one for each chain',
  'SearchResult.hits': 'its argument first, at most 50',
  'HolderPosition.assetEntitlements': 'one for each of Token.assets',
  'Holder.through': 'at most one for each pool in imo.yaml',
  'Person.through': 'at most one for each pool in imo.yaml and asset of its token',
  'Entitlement.through': 'at most one for each pool in imo.yaml',
  'ThroughEntitlement.path': 'at most four pools, one behind the other',
  'ClaimThrough.path': 'at most four pools, one behind the other',
  'ClaimPlan.asOf': 'one for each chain',
  'Model.totals': 'one for each asset that it ever charged in',
  'PersonStep.sources': 'the 19 largest, and the others together',
  'JournalEntry.postings': 'a movement touches a few accounts',
  'MoneyValue.legs': 'at most three feeds make a price',
  'ValueSum.missing': 'one for each reason, asset and feed at fault',
  'Mint.revenue': 'payments in one transaction',
  'MintPayment.revenue': 'payments in one transaction',
  'TrialBalance.assets': 'one for each of Token.assets',
  'LedgerHash.parts': 'one for each kind of operation',
};

/** Answers that mean something as a whole only: a page of them would be wrong. */
const WHOLE: Readonly<Record<string, string>> = {
  'ClaimPlan.steps': 'all that is to be claimed now; what is too much for a request is refused',
  'ClaimPlan.remains': 'what the steps leave',
  'ClaimPlan.warnings': 'of the steps',
  'BurnPlan.pays': 'one burn: ETH and Token.assets',
  'ClaimPlan.through': 'what pools are to claim; at most one for each pool in imo.yaml',
  'ClaimThrough.claims': 'open snapshots of one token',
  'ThroughClaim.pays': 'one claim: ETH and Token.assets',
  'ClaimStep.claims': 'one transaction',
  'ClaimStep.pays': 'one transaction',
  'PlannedClaim.pays': 'one claim: ETH and Token.assets',
  'ClaimRemainder.assets': 'of one token: ETH and Token.assets',
  'ClaimWarning.loses': 'of one token: ETH and Token.assets',
  'TrialBalance.accounts': 'they sum to zero; the list with pages is Query.accounts',
  'TrialBalance.beside': 'the models and sales of one token',
  'Query.revenue': 'sums, deprecated; at most 50,000 groups',
  'Query.tokenSeries': 'steps of time; at most 10,000',
  'Query.holderSeries': 'steps of time; at most 1,000',
  'Query.personSeries': 'steps of time; at most 1,000 divided by the accounts',
  'Query.claimPlans': 'one for each account that the query names',
  'Query.receiptTotals': 'sums over the list Query.receipts; at most 50,000 groups',
  'Query.claimTotals': 'sums over the list Query.claims; at most 50,000 groups',
  'Query.redemptionTotals': 'sums over the list Query.redemptions; at most 50,000 groups',
  'Query.transferTotals': 'sums over the list Query.transfers; at most 50,000 groups',
  'Query.requestTotals': 'sums over the list Query.requests; at most 50,000 groups',
  'Query.mintTotals': 'sums over the list Query.mints; at most 50,000 groups',
  'ReceiptChanges.added': 'one event; what is more is a gap',
  'ReceiptChanges.withdrawn': 'one event; what is more is a gap',
  'ClaimChanges.added': 'one event; what is more is a gap',
  'ClaimChanges.withdrawn': 'one event; what is more is a gap',
  'RedemptionChanges.added': 'one event; what is more is a gap',
  'RedemptionChanges.withdrawn': 'one event; what is more is a gap',
  'TransferChanges.added': 'one event; what is more is a gap',
  'TransferChanges.withdrawn': 'one event; what is more is a gap',
  'SnapshotChanges.added': 'one event; what is more is a gap',
  'SnapshotChanges.withdrawn': 'one event; what is more is a gap',
};

/** Lists from before, and the connection of the same type that took their place. */
const REPLACED: Readonly<Record<string, string>> = {
  'Entitlement.snapshots': 'Entitlement.snapshotsConnection',
  'Request.results': 'Request.resultsConnection',
  'AigcOwnerHistory.transfers': 'AigcOwnerHistory.nodes',
  'AigcDataHistory.versions': 'AigcDataHistory.nodes',
};

/** Connections whose rows have one order that means something, so that there is none to choose. */
const ONE_ORDER: Readonly<Record<string, string>> = {
  'Query.results': 'an answer has no figure',
  'Request.resultsConnection': 'an answer has no figure',
  'AigcToken.ownerHistory': 'a history',
  'AigcToken.dataHistory': 'a history',
  'Model.changes': 'a history',
};

const COMPARISONS = ['_eq', '_neq', '_in', '_nin', '_isNull'];
const ORDERINGS = ['_gt', '_gte', '_lt', '_lte'];
const ORDERED = new Set(['Int', 'SafeInt', 'BigInt', 'Decimal', 'DateTime']);

describe('every list that can grow', () => {
  test.each(CONNECTIONS.map(({ name, field }) => [name, field] as const))(
    '%s has pages both ways, conditions and an order',
    (name, { args }) => {
      const has = new Map(args.map((arg) => [arg.name, arg.type]));
      for (const page of ['first', 'after', 'last', 'before']) expect(has.has(page)).toBe(true);
      expect(String(has.get('direction'))).toBe('OrderDirection!');
      expect(has.has('orderBy')).toBe(ONE_ORDER[name] === undefined);

      const where = getNullableType(has.get('where'));
      if (!isInputObjectType(where)) throw new TypeError(`${name} has no conditions`);
      const { _and, _or, _not, ...fields } = where.getFields();
      expect([_and, _or, _not].map((part) => String(part?.type))).toEqual([
        `[${where.name}!]`,
        `[${where.name}!]`,
        where.name,
      ]);
      expect(Object.keys(fields).length).toBeGreaterThan(0);
      for (const { type } of Object.values(fields)) {
        if (!isInputObjectType(type)) throw new TypeError(`${type} is no comparison`);
        const operators = Object.keys(type.getFields());
        const isOrdered = ORDERED.has(String(type.getFields()._eq?.type));
        const expected = isOrdered ? [...COMPARISONS, ...ORDERINGS] : COMPARISONS;
        expect(operators.toSorted()).toEqual(expected.toSorted());
      }
    },
  );

  test('is a connection, or its exception is declared as short, whole or replaced', () => {
    const excused = { ...SHORT, ...WHOLE, ...REPLACED };
    expect(PLAIN.map(({ name }) => name).toSorted()).toEqual(Object.keys(excused).toSorted());
  });

  test('names an existing list if it was replaced', () => {
    const known = new Map(FIELDS.map(({ name, field }) => [name, field]));
    for (const [before, after] of Object.entries(REPLACED)) {
      expect(known.get(before)?.deprecationReason, before).toContain(after.split('.')[1]);
      expect(known.has(after), after).toBe(true);
    }
  });

  test('offers a choice of orders, or is declared to have only one', () => {
    const names = new Set(CONNECTIONS.map(({ name }) => name));
    for (const name of Object.keys(ONE_ORDER)) expect(names).toContain(name);
  });
});
