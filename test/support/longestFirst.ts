import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { PROJECT_NAMES } from './projects.js';

/**
 * Files that take longest, the longest first. If one of them started last, it would run alone at the end, as short
 * files do that start programs which take long: files without a place here follow by their size.
 */
const LONGEST = [
  'dashboard/demo',
  'prove/faults',
  'dashboard/offering',
  'prove/reader',
  'dashboard/holder',
  'prove/story',
  'faults/database',
  'processor/groups/groups',
  'prove/books',
  'bench/generated',
  'cli/index',
  'prove/life',
  'lake/lake',
  'cli/demo',
  'faults/processes',
  // After the browsers of the first ones: it measures how old answers are.
  'prove/scale',
  'prove/exact',
  'dashboard/ways',
  'api/lists/everyWhere',
  'processor/run/rpcFaults',
  'audit/firstAudit',
  'processor/run/otherEndpoints',
  'faults/failover',
  'bench/scale',
  'processor/run/rpcEndpoints',
  'processor/holding/holding',
  'dashboard/books',
  'processor/factories/lateFactory',
  'store/database/embedded',
  'cli/backup',
  'init/everyKind',
  'api/live/delivery',
  'prove/odd',
  'processor/reorgs/deepReorg',
  'faults/statements',
  'api/attack/hostile',
  'processor/tokens/terms/terms',
  'processor/joining/changes',
  'bench/ingest',
  'api/http/graphiql',
  'export/statement/saleStatement',
  'store/backup/backup',
  'audit/audit',
  'api/rest/export',
  'doctor/doctor',
  'api/attack/fuzz',
  'api/lists/paging',
  'bench/series',
  'bench/api',
  'processor/tokens/order',
  'store/series/ranks.random',
  'faults/pooler',
  'api/lists/collections',
  'processor/tokens/snapshotProof',
  'processor/prices/prices',
  'bench/hurt',
  'api/clients/identity',
  'processor/holding/heldFigures',
  'api/lists/everyOrder',
  'faults/contracts',
  'processor/factories/factories',
  'export/entitlements',
  'api/rest/statement',
  'api/attack/attack',
  'audit/offering',
  'processor/holding/heldRetry',
  'processor/run/ledgerHash.random',
  'processor/oracles/oracle.refusal',
  'bench/tokens',
  'processor/tokens/refusal',
  'bench/export',
  'prove/sales',
  'api/live/slowClient',
  'processor/holding/cachedRetry',
  'processor/pools/pools.joining',
  'docs/live',
  'docs/errors',
  'processor/sales/reorg',
  'api/clients/urql',
  'api/claimPlan/claimPlan.random',
  'faults/megabytes',
  'export/statement/statement.random',
  'plan/realChain',
  'audit/resume',
  'processor/joining/joining',
  'cli/badChain',
  'clients/generated',
  'prove/live',
  'faults/hurtfulBlocks',
  'store/database/migrate',
  'processor/tokens/assets.random',
];

/**
 * One project after the other, because a worker that changes to another one loads all modules
 * again: first those of PROJECT_NAMES. In a project the longest test files come first, so that all
 * workers end at about the same time.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const others = await super.sort(files);
    const projects: readonly string[] = PROJECT_NAMES;
    const placeOf = ({ moduleId, project }: TestSpecification) => {
      const place = LONGEST.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
      const inProject = place < 0 ? LONGEST.length : place;
      const known = projects.indexOf(project.name);
      const before = known < 0 ? projects.length : known;
      return before * (LONGEST.length + 1) + inProject;
    };
    return others.toSorted((left, right) => placeOf(left) - placeOf(right));
  }
}
