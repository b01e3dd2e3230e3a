// Makes docs/data.md from the catalogue of exports: `npm run docs:data`.
import { writeFileSync } from 'node:fs';

const { renderDictionary } = await import('../dist/src/export/dictionary.js');
writeFileSync('docs/data.md', renderDictionary());
