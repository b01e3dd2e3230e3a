import type { Surface } from '../surface.js';
import { claimPlans } from './claimPlans.js';
import { cli } from './cli.js';
import { client } from './client.js';
import { contract } from './contract.js';
import { differences } from './differences.js';
import { duckDb } from './duckDb.js';
import { exportFiles } from './exportFiles.js';
import { graphqlLists } from './graphqlLists.js';
import { graphqlObjects } from './graphqlObjects.js';
import { graphqlSeries } from './graphqlSeries.js';
import { graphqlTotals } from './graphqlTotals.js';
import { persons } from './persons.js';
import { proofs } from './proofs.js';
import { rest } from './rest.js';
import { statements } from './statements.js';
import { subscriptions } from './subscriptions.js';
import { taxFiles } from './taxFiles.js';
import { deadlineSurfaces } from './world/deadlines.js';
import { feedSurfaces } from './world/feeds.js';
import { kindSurfaces } from './world/kinds.js';
import { labelSurfaces } from './world/labels.js';
import { mintSurfaces } from './world/mints.js';
import { modelSurfaces } from './world/models.js';
import { momentValueSurfaces } from './world/momentValues.js';
import { poolSurfaces } from './world/pools.js';
import { saleSurfaces } from './world/sales.js';
import { searchSurfaces } from './world/searches.js';
import { statementOverHttp } from './world/statementsOverHttp.js';
import { termsSurfaces } from './world/terms.js';
import { yieldSurfaces } from './world/yields.js';

/** Where people and programs read figures of a token: what the suite asks. */
export const SURFACES: readonly Surface[] = [
  contract,
  graphqlObjects,
  graphqlLists,
  graphqlTotals,
  graphqlSeries,
  differences,
  rest,
  cli,
  ...exportFiles,
  ...statements,
  ...persons,
  ...taxFiles,
  claimPlans,
  proofs,
  subscriptions,
  client,
  duckDb,
];

/** The same, and those of everything else in a world, and of more ways to ask. */
export const ALL_SURFACES: readonly Surface[] = [
  ...SURFACES,
  ...saleSurfaces,
  ...modelSurfaces,
  ...mintSurfaces,
  ...poolSurfaces,
  ...kindSurfaces,
  ...labelSurfaces,
  ...searchSurfaces,
  ...feedSurfaces,
  ...termsSurfaces,
  ...momentValueSurfaces,
  ...yieldSurfaces,
  ...deadlineSurfaces,
  statementOverHttp,
];
