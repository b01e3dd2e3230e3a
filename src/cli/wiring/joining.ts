import { z } from 'zod';
import type { Address } from '../../address.js';
import type { ChainConfig } from '../../config/types.js';
import type { IndexProgress, JoiningTask } from '../../processor/indexerOptions.js';
import { connectClient } from '../../store/database/postgres.js';
import { readCreated } from '../../store/registry/factories.js';

/** Set for a child process that books the past of joining contracts: which, and up to which block. */
export const JOINING_VARIABLE = 'IMO_LEDGER_JOINING';

/** A value of the environment may have 128 KiB. */
const TEXT_AT_MOST = 120_000;

const contracts = z.array(
  z.object({
    kind: z.enum(['token', 'oracle', 'collection', 'sale', 'pool']),
    address: z.string().transform((address) => address as Address),
  }),
);
const task = z.object({ contracts, toBlock: z.int() });

/** What a child process needs to know of a task; `null`: it is too much for a child. */
export function joiningText({ contracts: all, toBlock }: JoiningTask): string | null {
  const text = JSON.stringify({ contracts: all, toBlock });
  return text.length > TEXT_AT_MOST ? null : text;
}

/** The task of this process, if it is such a child. */
export function joiningTask(
  env: NodeJS.ProcessEnv,
): Pick<JoiningTask, 'contracts' | 'toBlock'> | null {
  const text = env[JOINING_VARIABLE];
  return text === undefined ? null : task.parse(JSON.parse(text));
}

/** How progress of joining books is titled. */
export function joiningName(chainName: string): string {
  return `${chainName} (joining)`;
}

/** Books the past of contracts next to the live books of a chain, in this process. */
export async function bookJoining(
  chain: ChainConfig,
  databaseUrl: () => Promise<string>,
  joining: Omit<JoiningTask, 'onProgress'> & { onProgress(progress: IndexProgress): void },
): Promise<void> {
  const { runBooks } = await import('../../processor/runBooks.js');
  const { joiningBooks } = await import('../../processor/joining/joiningBooks.js');
  const { withCreated } = await import('../../processor/factories/createdContracts.js');
  const { withoutWaiting } = await import('../../processor/factories/joinLater.js');
  const db = await connectClient({ connectionString: await databaseUrl() });
  const created = readCreated(db, chain.id);
  const effective = created.then((all) => withoutWaiting(db, withCreated(chain, all)));
  const { chain: whole } = await effective.finally(() => db.end());
  await runBooks({
    ...joiningBooks(whole, joining.contracts),
    databaseUrl,
    toBlock: joining.toBlock,
    onProgress: joining.onProgress,
    onWarning: joining.onWarning,
    signal: joining.signal,
  });
}
