import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { PROJECT_NAMES } from './projects.js';

/**
 * Files that take longest, the longest first. If one of them started last, it would run alone at the end, as short
 * files do that start programs which take long: files without a place here follow by their size.
 */
const LONGEST = [
  'prove/faults',
  'dashboard/demo',
  'cli/demo',
  'prove/reader',
  'dashboard/holder',
  'dashboard/offering',
  'prove/books',
  'prove/life',
  'prove/exact',
  'prove/odd',
  'prove/story',
  'faults/processes',
  'faults/database',
  'store/database/embedded',
  'faults/statements',
  'processor/run/otherEndpoints',
  'export/statement/statement.random',
  'cli/index',
  'processor/run/rpcFaults',
  'devnet/life',
  'bench/series',
  'api/attack/fuzz',
  'api/lists/everyOrder',
  'api/lists/paging',
  'processor/reorgs/deepReorg',
  'audit/offering',
  'cli/backup',
  'bench/ingest',
  'bench/tokens',
  'bench/generated',
  'processor/prices/prices',
  'processor/run/rpcEndpoints',
  'faults/failover',
  'store/series/ranks.random',
  'dashboard/books',
  'dashboard/ways',
  'api/attack/hostile',
  'plan/realChain',
  'audit/resume',
  'processor/tokens/terms/terms',
  'doctor/doctor',
  'api/claimPlan/claimPlan.random',
  'audit/firstAudit',
  'api/rest/export',
  'api/http/graphiql',
  'faults/contracts',
  'processor/joining/joining',
  'faults/megabytes',
  'cli/badChain',
  'bench/api',
  'bench/export',
  'bench/hurt',
  'clients/generated',
  'prove/live',
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
