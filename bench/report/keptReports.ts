import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../../src/projectRoot.js';
import { CAPACITY_PAGE, capacityPage } from './capacity.js';
import { RESULTS } from './keep.js';
import { pageFiles } from './page.js';
import type { KeptReport } from './report.js';

/** The pages of figures and their pictures, from the reports in `bench/results`. */
export function pageOfKept(): ReadonlyMap<string, string> {
  const folder = join(PROJECT_ROOT, RESULTS);
  const reports = readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as KeptReport);
  const files = new Map(pageFiles(reports));
  const scale = reports.find(({ bench }) => bench === 'scale');
  if (scale !== undefined) {
    const page = readFileSync(join(PROJECT_ROOT, CAPACITY_PAGE), 'utf8');
    files.set(CAPACITY_PAGE, capacityPage(page, scale));
  }
  return files;
}
