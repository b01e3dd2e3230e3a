import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { PROJECT_NAMES } from './projects.js';

/** Files that take longest, the longest first. If one of them started last, it would run alone at the end. */
const LONGEST = [
  'prove/faults',
  'cli/demo',
  'store/database/embedded',
  'faults/processes',
  'cli/index',
  'bench/ingest',
  'api/lists/everyOrder',
  'faults/statements',
  'devnet/life',
  'prove/story',
  'prove/exact',
  'prove/books',
  'processor/run/rpcFaults',
  'faults/contracts',
  'processor/prices/prices',
  'processor/reorgs/deepReorg',
  'faults/database',
  'export/statement/statement.random',
  'audit/resume',
  'audit/offering',
  'api/lists/paging',
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
