// `npm ci` in a clone builds dist/, so that `npx imo-ledger` works. An install without the
// development dependencies has no compiler: what is there (or is not) has to do.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

if (existsSync('node_modules/typescript/package.json')) {
  const { status } = spawnSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
} else {
  console.log('imo-ledger: not built, the development dependencies are not installed');
}
