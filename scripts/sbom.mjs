// Writes the bill of materials of a production install as CycloneDX: `npm run sbom [FILE]`. With
// optional dependencies, because they may be installed; without those of development.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';

const [file = 'sbom.cdx.json'] = process.argv.slice(2);
const { status, stdout, stderr } = spawnSync(
  'npm',
  [
    'sbom',
    '--sbom-format=cyclonedx',
    '--sbom-type=application',
    '--omit=dev',
    '--package-lock-only',
  ],
  { encoding: 'utf8', maxBuffer: 2 ** 28 },
);
if (status !== 0) {
  process.stderr.write(stderr);
  process.exit(status ?? 1);
}
const { components } = JSON.parse(stdout);
writeFileSync(file, stdout);
process.stdout.write(`${file}: ${components.length} components\n`);
