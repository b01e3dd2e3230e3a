// Makes the font of the page: `npm run font`. Of Inter's Latin letters, which every reader loads, only the weights and the
// features that the page uses: 22 KB, not 48. Other letters stay as their package has them, and are loaded where a name
// has them. With --check: exit code 1 if the file is not what it would make.
import { readFileSync, writeFileSync } from 'node:fs';
import subsetFont from 'subset-font';

const FILE = 'inter-latin-wght-normal.woff2';
const FROM = `node_modules/@fontsource-variable/inter/files/${FILE}`;
const TO = `dashboard/src/fonts/${FILE}`;

const made = await subsetFont(readFileSync(FROM), undefined, {
  targetFormat: 'woff2',
  keepAllGlyphs: true,
  // Distances of letters, and figures of one width.
  keepFeatures: ['kern', 'tnum'],
  // The least and the greatest weight of the type scale.
  variationAxes: { wght: { min: 400, max: 650, default: 400 } },
});
if (!process.argv.includes('--check')) writeFileSync(TO, made);
else if (!readFileSync(TO).equals(made)) {
  process.stderr.write(`${TO} is stale: run \`npm run font\`\n`);
  process.exitCode = 1;
}
