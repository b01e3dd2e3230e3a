import 'reflect-metadata';
// Types and fields of the schema have the order in which these are loaded.
import './objects/collections/aigcHistoriesResolver.js';
import './claimPlan/claimPlanResolver.js';
import './objects/collections/collectionsResolver.js';
import './objects/tokens/commitmentsResolver.js';
import './objects/holders/entitlementsResolver.js';
import './objects/holders/holdersResolver.js';
import './lists/receipts.js';
import './lists/claims.js';
import './lists/redemptions.js';
import './lists/transfers.js';
import './lists/journal.js';
import './objects/operations/revenueResolver.js';
import './objects/operations/journalAccountsResolver.js';
import './objects/chains/ledgerHashResolver.js';
import './lists/mints.js';
import './objects/oracles/oraclesResolver.js';
import './lists/requests.js';
import './lists/results.js';
import './lists/prices.js';
import './objects/prices/priceFeedsResolver.js';
import './objects/tokens/revenueAssetsResolver.js';
import './lists/saleEntries.js';
import './objects/sales/salesResolver.js';
import './objects/pools/poolsResolver.js';
import './objects/tokens/snapshotsResolver.js';
import './objects/chains/reorgsResolver.js';
import './objects/chains/statusResolver.js';
import './live/subscriptionsResolver.js';
import './objects/tokens/tokensResolver.js';
import './objects/prices/valuesResolver.js';

import { assertValidSchema, type GraphQLSchema, printSchema } from 'graphql';
import { createPubSub } from 'graphql-yoga';
import { buildSchemaSync } from 'type-graphql';
import { CLAIM_VALUES } from './claimPlan/claimValues.js';
import { PLAN_NAMES } from './claimPlan/planNames.js';
import { PLAN_RESOLVERS } from './claimPlan/planResolvers.js';
import { LABELLED_LISTS, LISTS } from './lists/catalogue.js';
import { resolveCounts } from './lists/engine/connection.js';
import { LiveResolver } from './live/subscriptionsResolver.js';
import { LedgerHashResolver } from './objects/chains/ledgerHashResolver.js';
import { ReorgResolver } from './objects/chains/reorgsResolver.js';
import { StatusResolver } from './objects/chains/statusResolver.js';
import {
  AigcDataHistoryResolver,
  AigcOwnerHistoryResolver,
  AigcTokenHistoryResolver,
} from './objects/collections/aigcHistoriesResolver.js';
import {
  AigcDataResolver,
  AigcTokenResolver,
  CollectionResolver,
} from './objects/collections/collectionsResolver.js';
import { HolderAccountResolver } from './objects/holders/accountResolver.js';
import { EntitlementResolver } from './objects/holders/entitlementsResolver.js';
import { HolderResolver } from './objects/holders/holdersResolver.js';
import {
  EntitlementThroughResolver,
  HolderThroughResolver,
  ThroughEntitlementResolver,
} from './objects/holders/throughResolver.js';
import { ACCOUNT_NAMES } from './objects/names/accountNames.js';
import {
  AccountResolver,
  HeldAssetResolver,
} from './objects/operations/journalAccountsResolver.js';
import { OperationResolver } from './objects/operations/operations.js';
import { RevenueResolver } from './objects/operations/revenueResolver.js';
import { ModelResolver } from './objects/oracles/oraclesResolver.js';
import { MODEL_PAYMENTS } from './objects/oracles/paymentAsset.js';
import {
  PersonParticipationResolver,
  PersonPositionResolver,
  PersonResolver,
} from './objects/persons/personResolver.js';
import {
  DepositPoolResolver,
  PoolShareResolver,
  PoolSnapshotResolver,
} from './objects/pools/poolsResolver.js';
import { resolveValues } from './objects/prices/momentValues.js';
import { PriceFeedResolver } from './objects/prices/priceFeedsResolver.js';
import { VALUE_RESOLVERS } from './objects/prices/valuesResolver.js';
import { ParticipationResolver, SaleResolver } from './objects/sales/salesResolver.js';
import { SearchResolver } from './objects/search/searchResolver.js';
import { CommitmentResolver } from './objects/tokens/commitmentsResolver.js';
import {
  HolderAssetsResolver,
  RevenueAssetResolver,
  TokenAssetsResolver,
} from './objects/tokens/revenueAssetsResolver.js';
import { SnapshotResolver } from './objects/tokens/snapshotsResolver.js';
import { TokenResolver } from './objects/tokens/tokensResolver.js';
import { UNIT_FIELDS } from './objects/units/units.js';
import { CONTRACT_VALUES } from './objects/values/contractValues.js';
import { HOLDER_VALUES } from './objects/values/holderValues.js';
import { PERSON_VALUES } from './objects/values/personValues.js';
import { TOKEN_VALUES } from './objects/values/tokenValues.js';
import { SnapshotYieldResolver, TokenYieldResolver } from './objects/yields/yieldResolver.js';
import { boundLists } from './request/entries.js';
import { SERIES_RESOLVERS } from './series/seriesResolvers.js';
import { STEP_UNITS } from './series/stepUnits.js';
import { STEP_VALUES } from './series/stepValues.js';

/** Of what was or is worth something. */
const VALUES = [
  ...VALUE_RESOLVERS,
  ...TOKEN_VALUES,
  ...HOLDER_VALUES,
  ...PERSON_VALUES,
  ...CONTRACT_VALUES,
  ...CLAIM_VALUES,
  ...STEP_VALUES,
];

let built: GraphQLSchema | null = null;

/**
 * The executable schema, built once for all servers of this process; its resolvers expect an `ApiContext`.
 *
 * @throws Error if the declared types are not a valid schema
 */
export function buildApiSchema(): GraphQLSchema {
  if (built !== null) return built;
  const schema = build();
  assertValidSchema(schema);
  resolveCounts(schema);
  resolveValues(schema);
  boundLists(schema);
  built = schema;
  return schema;
}

function build(): GraphQLSchema {
  return buildSchemaSync({
    resolvers: [
      TokenResolver,
      SnapshotResolver,
      CommitmentResolver,
      HolderResolver,
      HolderAccountResolver,
      EntitlementResolver,
      EntitlementThroughResolver,
      HolderThroughResolver,
      ThroughEntitlementResolver,
      TokenAssetsResolver,
      HolderAssetsResolver,
      RevenueAssetResolver,
      OperationResolver,
      RevenueResolver,
      AccountResolver,
      HeldAssetResolver,
      CollectionResolver,
      AigcTokenResolver,
      AigcTokenHistoryResolver,
      AigcOwnerHistoryResolver,
      AigcDataHistoryResolver,
      AigcDataResolver,
      SaleResolver,
      ParticipationResolver,
      DepositPoolResolver,
      PoolShareResolver,
      PoolSnapshotResolver,
      ModelResolver,
      ...MODEL_PAYMENTS,
      PriceFeedResolver,
      ...VALUES,
      ...ACCOUNT_NAMES,
      ...UNIT_FIELDS,
      ...LISTS.flatMap((list) => list.resolvers()),
      ...LABELLED_LISTS.flatMap((list) => list.labels()),
      ...SERIES_RESOLVERS,
      ...STEP_UNITS,
      TokenYieldResolver,
      SnapshotYieldResolver,
      ...PLAN_RESOLVERS,
      ...PLAN_NAMES,
      PersonResolver,
      PersonPositionResolver,
      PersonParticipationResolver,
      SearchResolver,
      StatusResolver,
      ReorgResolver,
      LedgerHashResolver,
      LiveResolver,
    ],
    // Every subscription has a source of its own; the library wants this one all the same.
    pubSub: createPubSub(),
    // Values are checked by the scalars and where they are used.
    validate: false,
    // It would answer a query for the whole schema, which takes as long as everything else here.
    skipCheck: true,
  });
}

/** A description on a single line. */
const SHORT_DESCRIPTION = /^( *)"""(.+)"""$/gm;

/**
 * The schema as text, laid out as this repository's formatter does. A test compares it with
 * `schema.generated.graphql`, so that the contract with clients never changes unnoticed.
 */
export function printApiSchema(): string {
  const text = printSchema(buildApiSchema()).replaceAll(SHORT_DESCRIPTION, '$1"""\n$1$2\n$1"""');
  return `${text}\n`;
}
