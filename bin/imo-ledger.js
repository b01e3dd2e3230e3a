#!/usr/bin/env node
import { existsSync } from 'node:fs';

const main = new URL('../dist/program/main.js', import.meta.url);

if (existsSync(main)) {
  await import(main.href);
} else {
  process.stderr.write(
    'error NOT_BUILT: imo-ledger has not been compiled, dist/ is missing\n' +
      'hint: Run `npm run build` in the folder of the project.\n',
  );
  process.exitCode = 1;
}
