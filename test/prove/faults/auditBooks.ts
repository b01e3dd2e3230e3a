import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { z } from 'zod';
import { PROJECT_ROOT } from '../../../src/projectRoot.js';

const verdict = z.object({
  block: z.number(),
  figures: z.number(),
  mismatches: z.number(),
  details: z.array(z.unknown()),
});

/** What an audit of all holders found. */
export interface AuditVerdict {
  readonly figures: number;
  readonly mismatchCount: number;
  /** The first of the mismatches, as the audit tells them. */
  readonly mismatches: readonly string[];
}

/**
 * Runs `imo-ledger audit --holders all` on a database.
 *
 * @param folder for the state of the audit
 * @throws Error with what it wrote if it does not come to an end, or audits another block
 */
export async function auditBooks(
  config: string,
  databaseUrl: string,
  { folder, head }: { folder: string; head: number },
): Promise<AuditVerdict> {
  const child = spawn(
    process.execPath,
    [
      join(PROJECT_ROOT, 'bin', 'imo-ledger.js'),
      ...['audit', '--holders', 'all', '--json', '--rate', '100000'],
      ...['--config', config, '--state', folder],
    ],
    {
      env: { PATH: process.env.PATH, HOME: process.env.HOME, DATABASE_URL: databaseUrl },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  await once(child, 'close');
  if (stdout === '') throw new Error(`the audit failed: ${stderr}`);
  const [chain] = z.array(verdict).parse(JSON.parse(stdout));
  if (chain?.block !== head) throw new Error(`block ${chain?.block} was audited, not ${head}`);
  const { figures, mismatches, details } = chain;
  return {
    figures,
    mismatchCount: mismatches,
    mismatches: details.map((detail) => JSON.stringify(detail)),
  };
}
