// Makes docs/errors.md from what the sources say about their codes: `npm run docs:errors`. With --check
// it only compares, and ends with 1 if the file is another.
import { readFileSync, writeFileSync } from 'node:fs';
import { renderErrors } from './render-errors.mjs';

const FILE = 'docs/errors.md';
const text = renderErrors();
if (!process.argv.includes('--check')) writeFileSync(FILE, text);
else if (readFileSync(FILE, 'utf8') !== text) {
  process.stderr.write(`${FILE} is not what the sources say: npm run docs:errors\n`);
  process.exitCode = 1;
}
