import 'reflect-metadata';
import { type GraphQLSchema, printSchema } from 'graphql';
import { createPubSub } from 'graphql-yoga';
import { buildSchemaSync } from 'type-graphql';
import { resolveCounts } from './connection.js';
import { boundLists } from './limits/entries.js';
import {
  AigcDataHistoryResolver,
  AigcOwnerHistoryResolver,
  AigcTokenHistoryResolver,
} from './resolvers/aigcHistories.js';
import {
  ClaimPlanResolver,
  ClaimRemainderResolver,
  ClaimStepResolver,
  ClaimTransactionResolver,
  ClaimWarningResolver,
  RemainingClaimResolver,
} from './resolvers/claimPlan.js';
import {
  AigcDataResolver,
  AigcTokenResolver,
  CollectionResolver,
} from './resolvers/collections.js';
import { CommitmentResolver } from './resolvers/commitments.js';
import { EntitlementResolver } from './resolvers/entitlements.js';
import { HolderResolver } from './resolvers/holders.js';
import { JournalResolver } from './resolvers/journal.js';
import { AccountResolver } from './resolvers/journalAccounts.js';
import { LedgerHashResolver } from './resolvers/ledgerHash.js';
import { MintResolver } from './resolvers/mints.js';
import { OperationResolver } from './resolvers/operations.js';
import { ModelResolver, RequestResolver, ResultResolver } from './resolvers/oracles.js';
import { PriceResolver } from './resolvers/prices.js';
import {
  HolderAssetsResolver,
  RevenueAssetResolver,
  TokenAssetsResolver,
} from './resolvers/revenueAssets.js';
import { SaleEntryResolver } from './resolvers/saleEntries.js';
import { ParticipationResolver, SaleResolver } from './resolvers/sales.js';
import { SnapshotResolver } from './resolvers/snapshots.js';
import { StatusResolver } from './resolvers/status.js';
import { LiveResolver } from './resolvers/subscriptions.js';
import { TokenResolver } from './resolvers/tokens.js';
import { TotalsResolver } from './resolvers/totals.js';
import { VALUE_RESOLVERS } from './resolvers/values.js';

/** The executable schema; its resolvers expect an `ApiContext`. */
export function buildApiSchema(): GraphQLSchema {
  const schema = buildSchemaSync({
    resolvers: [
      TokenResolver,
      SnapshotResolver,
      CommitmentResolver,
      HolderResolver,
      EntitlementResolver,
      ClaimPlanResolver,
      ClaimStepResolver,
      ClaimTransactionResolver,
      ClaimRemainderResolver,
      RemainingClaimResolver,
      ClaimWarningResolver,
      TokenAssetsResolver,
      HolderAssetsResolver,
      RevenueAssetResolver,
      OperationResolver,
      JournalResolver,
      AccountResolver,
      CollectionResolver,
      AigcTokenResolver,
      AigcTokenHistoryResolver,
      AigcOwnerHistoryResolver,
      AigcDataHistoryResolver,
      AigcDataResolver,
      MintResolver,
      SaleResolver,
      ParticipationResolver,
      SaleEntryResolver,
      ModelResolver,
      RequestResolver,
      ResultResolver,
      TotalsResolver,
      PriceResolver,
      ...VALUE_RESOLVERS,
      StatusResolver,
      LedgerHashResolver,
      LiveResolver,
    ],
    // Every subscription has a source of its own; the library wants this one all the same.
    pubSub: createPubSub(),
    // Values are checked by the scalars and where they are used.
    validate: false,
  });
  resolveCounts(schema);
  boundLists(schema);
  return schema;
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
