import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PROJECT_ROOT } from '../../../../src/projectRoot.js';
import { type ExportOptions, HOLDER_EXPORT_FIGURES, readHolderExports } from '../exportFigures.js';
import { inWindow } from '../figures.js';
import { putJsonStatement } from '../statementJson.js';
import type { Surface } from '../surface.js';
import type { ReaderWorld } from '../world.js';
import { csvRows } from './exportFiles.js';
import { PERSON_STATEMENT, putPersonStatement } from './persons.js';

const run = promisify(execFile);
const OUTPUT_AT_MOST = 2 ** 28;

/** `imo-ledger export` for holders and `imo-ledger statement` for one of them, as processes. */
export const cli: Surface = {
  surface: 'CLI',
  names: [
    ...HOLDER_EXPORT_FIGURES,
    ...inWindow(['claimed', 'redeemed', 'tokens in', 'tokens out']),
    ...PERSON_STATEMENT,
  ],
  isSlow: true,
  async read(world, draw, sheet) {
    const read = async (dataset: string, options: ExportOptions) =>
      csvRows(await command(world, ['export', dataset, ...argumentsOf(options)]));
    await readHolderExports(read, draw, sheet);
    const to = draw.until.end === null ? [] : ['--to', draw.until.end];
    const range = ['--from', draw.after.begin, ...to, '--format', 'json'];
    const of = ['--token', draw.token.address, ...range];
    for (const holder of draw.holders.slice(0, 1)) {
      const text = await command(world, ['statement', holder, ...of]);
      putJsonStatement(sheet, draw, { holder, text });
    }
    putPersonStatement(sheet, draw, await command(world, ['statement', ...draw.holders, ...of]));
  },
};

function argumentsOf(options: ExportOptions): string[] {
  return Object.entries(options).flatMap(([name, value]) =>
    [value ?? []].flat().flatMap((one) => [`--${name}`, one]),
  );
}

async function command(
  { configPath, databaseUrl }: ReaderWorld,
  args: readonly string[],
): Promise<string> {
  const program = join(PROJECT_ROOT, 'bin', 'imo-ledger.js');
  const { PATH, HOME, TMPDIR } = process.env;
  const { stdout } = await run(process.execPath, [program, ...args, '--config', configPath], {
    env: { PATH, HOME, TMPDIR, DATABASE_URL: databaseUrl },
    maxBuffer: OUTPUT_AT_MOST,
  });
  return stdout;
}
