import pg from 'pg';
import type { Address } from '../../../src/address.js';
import { runIndexer } from '../../../src/processor/run.js';
import { migrate } from '../../../src/store/migrate.js';
import { readTokens } from '../../../src/store/read/tokens.js';
import { dumpTables } from '../../support/tables.js';
import { compareToken } from '../compare.js';
import type { ForkingChain } from './forkingChain.js';

/** Indexes the final chain anew, undisturbed, and compares all tables row for row. */
export async function compareWithCleanIndex(
  { node, world }: ForkingChain,
  urls: { readonly faulty: string; readonly clean: string; readonly finality: number },
  head: number,
): Promise<{ rows: number; differences: string[] }> {
  await migrate(urls.clean);
  await runIndexer({
    chain: {
      id: node.chainId,
      name: 'forking',
      rpcUrl: node.url,
      fallbackRpcUrls: [],
      gatewayUrl: null,
      finalityConfirmation: urls.finality,
      startBlock: null,
      headPollIntervalSeconds: 0.1,
      labels: [],
      sales: [],
      collections: [],
      oracles: [],
      tokens: world.tokens.map(({ contract }) => ({
        address: contract.address as Address,
        policy: 'auto',
        assets: [],
        startBlock: null,
      })),
    },
    databaseUrl: urls.clean,
    toBlock: head,
    onProgress: () => undefined,
    signal: new AbortController().signal,
  });
  const [faulty, clean] = [await dumpTables(urls.faulty), await dumpTables(urls.clean)];
  let rows = 0;
  const differences: string[] = [];
  for (const [table, expected] of Object.entries(clean)) {
    const found = faulty[table] ?? [];
    rows += expected.length;
    differences.push(...onlyIn(found, expected).map((row) => `${table}: too much ${row}`));
    differences.push(...onlyIn(expected, found).map((row) => `${table}: missing ${row}`));
  }
  return { rows, differences };
}

/** Rows of one list that the other has not, or not as often. */
function onlyIn(rows: readonly string[], others: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const row of others) counts.set(row, (counts.get(row) ?? 0) + 1);
  return rows.filter((row) => {
    const left = counts.get(row) ?? 0;
    counts.set(row, left - 1);
    return left <= 0;
  });
}

/** Holds what every holder has and is owed against the views of the contracts. */
export async function compareWithChain(
  { node, world }: ForkingChain,
  databaseUrl: string,
  head: number,
): Promise<{ figures: number; mismatches: string[] }> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 4 });
  // `end` does not wait for the server to notice, which may be stopped before it does.
  pool.on('error', () => undefined);
  const total = { figures: 0, mismatches: [] as string[] };
  try {
    for (const token of await readTokens(pool)) {
      const holders = world.book.everHeld(token.address) as Address[];
      const { figures, mismatches } = await compareToken(pool, node, token, holders, head);
      total.figures += figures;
      for (const { figure, ours, contract } of mismatches) {
        total.mismatches.push(`${figure} of ${token.address}: ours ${ours}, contract ${contract}`);
      }
    }
  } finally {
    await pool.end();
  }
  return total;
}
