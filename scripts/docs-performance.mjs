// Writes docs/performance.md and its pictures from the reports that benches keep: `npm run docs:performance`.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { runnerImport } from 'vite';

const { module } = await runnerImport('./bench/report/keptReports.ts');
for (const [path, text] of module.pageOfKept()) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
