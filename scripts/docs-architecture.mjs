// Draws the picture of ARCHITECTURE.md from the arrows that the tests hold: `npm run docs:architecture`.
import { readFileSync, writeFileSync } from 'node:fs';
import { runnerImport } from 'vite';

const FILE = 'ARCHITECTURE.md';
const { module } = await runnerImport('./test/support/roomsPicture.ts');
writeFileSync(FILE, module.withPicture(readFileSync(FILE, 'utf8')));
