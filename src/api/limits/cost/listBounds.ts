import {
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isIntrospectionType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { GROUPS_AT_MOST } from '../../../chainIds.js';
import { ENTRIES_PER_EVENT } from './eventSize.js';
import { isPageArgument } from './pageSize.js';
import { isSeries } from './seriesSize.js';

/** How many entries a list has, so that its cost is known before anything is read. */
export interface ListBound {
  /** Entries for each row with the list: a number, as many as exist, or as many accounts as the query names. */
  readonly each: number | 'tokens' | 'chains' | 'holders';
  /** Entries of all these lists in one request, if the rows times `each` are fewer. */
  readonly least?: number;
}

const ASSETS = 100;

/**
 * The lists without pages, by type and field. `limits/entries.ts` refuses an answer with more entries, so
 * each bound holds; test/api/limits/listBounds.test.ts finds lists that are missing here.
 */
const BOUNDS: Readonly<Record<string, ListBound>> = {
  'Query.status': { each: 'chains' },
  'Query.priceFeeds': { each: 1_000 },
  'MoneyValue.legs': { each: 3 },
  'SearchHit.lists': { each: 20 },
  'ValueSum.missing': { each: 2, least: 100 },
  'Subscription.status': { each: 'chains' },
  'ChainStatus.held': { each: 20, least: 1_000 },
  'ChainStatus.archived': { each: 20, least: 1_000 },
  'JoiningBooks.contracts': { each: 20, least: 1_000 },
  'ChainStatus.refusedCreations': { each: 20 },
  'ChainStatus.unrehearsedCode': { each: 20, least: 1_000 },
  'ChainStatus.sourceRanges': { each: 20, least: 1_000 },
  'ChainStatus.endpoints': { each: 20 },
  'ChainStatus.groups': { each: 20, least: GROUPS_AT_MOST },
  'ClaimPlan.asOf': { each: 'chains' },
  'ClaimPlan.steps': { each: 'tokens', least: 500 },
  'ClaimPlan.remains': { each: 'tokens' },
  'ClaimPlan.warnings': { each: 'tokens', least: 100 },
  'ClaimStep.claims': { each: 2, least: 2_000 },
  'ClaimStep.pays': { each: 2, least: ASSETS },
  'PlannedClaim.pays': { each: 2, least: ASSETS },
  'ClaimWarning.loses': { each: 3, least: ASSETS },
  'ClaimRemainder.assets': { each: 3, least: ASSETS },
  'ClaimRemainder.roundedToNothing': { each: 3, least: 2_000 },
  'BurnPlan.pays': { each: 3, least: ASSETS },
  'ClaimPlan.through': { each: 20, least: 500 },
  'ClaimThrough.path': { each: 4 },
  'ClaimThrough.claims': { each: 3, least: 2_000 },
  'ThroughClaim.pays': { each: 2, least: ASSETS },
  'Token.assets': { each: 3, least: 30 },
  'Token.disagreements': { each: 10 },
  'Token.termsHistory': { each: 5, least: 1_000 },
  'Holder.positions': { each: 'tokens' },
  'Person.holders': { each: 1, least: 100 },
  'Person.positions': { each: 'tokens' },
  'Person.participations': { each: 10, least: 500 },
  'Person.through': { each: 40, least: 1_000 },
  'PersonPosition.entitlements': { each: 3, least: ASSETS },
  'Query.claimPlans': { each: 'holders' },
  'Holder.through': { each: 20, least: 500 },
  'Entitlement.through': { each: 2, least: 500 },
  'ThroughEntitlement.path': { each: 4 },
  'ThroughEntitlement.unknownSnapshots': { each: 3, least: 2_000 },
  'HolderPosition.assetEntitlements': { each: 2, least: ASSETS },
  'Entitlement.snapshots': { each: 20, least: 5_000 },
  'EntitlementProof.proof': { each: 64 },
  'MintPayment.revenue': { each: 3, least: ASSETS },
  'Mint.revenue': { each: 3, least: ASSETS },
  'PersonStep.sources': { each: 2, least: 2_000 },
  'Receipt.path': { each: 4, least: 1_000 },
  'Receipt.pathLabels': { each: 4, least: 1_000 },
  'JournalEntry.postings': { each: 5, least: 1_000 },
  'TrialBalance.accounts': { each: 2_000 },
  'TrialBalance.assets': { each: ASSETS },
  'TrialBalance.beside': { each: 2_000 },
  'LedgerHash.parts': { each: 100 },
  'Model.totals': { each: 3, least: ASSETS },
  'Request.results': { each: 2, least: 1_000 },
};

/** Lists of a subscription have no pages: an event carries so many entries of each at most. */
const OF_EVENTS = new Set(['added', 'withdrawn']);

/** The bound of a list that has no pages and is not a series; `null`: it is another field. */
export function listBound(
  parent: { readonly name: string },
  field: { readonly name: string },
): ListBound | null {
  if (parent.name.endsWith('Changes') && OF_EVENTS.has(field.name)) {
    return { each: ENTRIES_PER_EVENT };
  }
  const known = BOUNDS[`${parent.name}.${field.name}`];
  if (known !== undefined) return known;
  return field.name === 'asOf' ? { each: 'chains' } : null;
}

/** A field that yields a list. */
export interface ListField {
  readonly type: GraphQLObjectType;
  readonly field: GraphQLField<unknown, unknown>;
}

export function listFields(schema: GraphQLSchema): ListField[] {
  return Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter((type) => !isIntrospectionType(type))
    .flatMap((type) =>
      Object.values(type.getFields())
        .filter((field) => yieldsList(field.type))
        .map((field) => ({ type, field })),
    );
}

export function yieldsList(type: GraphQLOutputType): boolean {
  return isListType(type) || (isNonNullType(type) && yieldsList(type.ofType));
}

/** Lists whose size is not known before they are read: there must be none. */
export function unboundedLists(schema: GraphQLSchema): string[] {
  const pages = new Set(
    Object.values(schema.getTypeMap())
      .filter(isObjectType)
      .flatMap((type) => Object.values(type.getFields()))
      .filter((field) => field.args.some(isPageArgument))
      .map((field) => String(field.type).replace('!', '')),
  );
  return listFields(schema)
    .filter(({ type, field }) => listBound(type, field) === null && !isSeries(field))
    .filter(({ type }) => !pages.has(type.name))
    .map(({ type, field }) => `${type.name}.${field.name}`);
}
