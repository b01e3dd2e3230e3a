import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { PROJECT_NAMES } from './projects.js';

/** Files that take longest, the longest first. Begun last, one of them would run alone at the end. */
const LONGEST = [
  'cli/demo.test.ts',
  'prove/faults.test.ts',
  'api/everyOrder.test.ts',
  'processor/rpcFaults.test.ts',
  'processor/deepReorg.test.ts',
  'faults/database.test.ts',
  'prove/odd.test.ts',
  'cli/badInput.test.ts',
  'faults/statements.test.ts',
  'cli/compare.test.ts',
  'export/statement.random.test.ts',
  'processor/collections.reorg.test.ts',
];

/**
 * One project after the other, because a worker that changes to another one loads all modules
 * again. In a project the longest test files come first, so that all workers end at about the
 * same time.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const others = await super.sort(files);
    const projects: readonly string[] = PROJECT_NAMES;
    const placeOf = ({ moduleId, project }: TestSpecification) => {
      const place = LONGEST.findIndex((name) => moduleId.endsWith(`/test/${name}`));
      const inProject = place < 0 ? LONGEST.length : place;
      return projects.indexOf(project.name) * (LONGEST.length + 1) + inProject;
    };
    return others.toSorted((left, right) => placeOf(left) - placeOf(right));
  }
}
