import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../../src/projectRoot.js';
import { RESULTS } from './keep.js';
import { pageFiles } from './page.js';
import type { KeptReport } from './report.js';

/** The page of all figures and its pictures, from the reports in `bench/results`. */
export function pageOfKept(): ReadonlyMap<string, string> {
  const folder = join(PROJECT_ROOT, RESULTS);
  const reports = readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as KeptReport);
  return pageFiles(reports);
}
