// Lints a description in OpenAPI with all rules that Redocly recommends. Prints what is wrong with it.
// Usage: node scripts/lint-openapi.mjs FILE
import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { createConfig, lintFromString } from '@redocly/openapi-core';

/** What is wrong with the description in this text, a line for each. */
export async function problemsOf(source) {
  const config = await createConfig({ extends: ['recommended-strict'] });
  const problems = await lintFromString({ source, absoluteRef: 'openapi.json', config });
  return problems.map(
    ({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer ?? ''}`,
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const problems = await problemsOf(await readFile(process.argv[2], 'utf8'));
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
