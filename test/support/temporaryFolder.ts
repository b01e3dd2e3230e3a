import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atEndOfFile } from './endOfFile.js';

/** A new folder that is deleted after the test file. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'imo-ledger-test-'));
  atEndOfFile(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}
