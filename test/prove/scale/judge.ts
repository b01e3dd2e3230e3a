import pg from 'pg';
import { functions as erc20 } from '../../../src/abi/erc7641.js';
import type { AuditComparison, Mismatch } from '../../../src/audit/questions/question.js';
import { loadConfig } from '../../../src/config/load.js';
import { runIndexer } from '../../../src/processor/run.js';
import { migrate } from '../../../src/store/database/migrate.js';
import { readTokens } from '../../../src/store/read/tokens/tokens.js';
import { commitNextSnapshot } from '../../../src/store/write/commitments.js';
import { hashFinal } from '../../support/databases/hashFinal.js';
import { booksByAddress } from '../../support/databases/sameBooks.js';
import { onlyIn } from '../../support/databases/sameRows.js';
import { compareToken } from '../compare.js';
import { callViews } from '../viewsAt.js';
import type { FollowedChain } from './followedChain.js';
import type { GivenBalances } from './questions.js';

/** Answers that clients got, against the contracts at the same blocks. */
export async function judgeAnswers(
  chains: readonly FollowedChain[],
  given: readonly GivenBalances[],
): Promise<{ readonly figures: number; readonly wrong: readonly string[] }> {
  const wrong: string[] = [];
  let figures = 0;
  for (const { chainId, token, block, balances, supply } of given) {
    const chain = chains.find(({ node }) => node.chainId === chainId);
    const to = chain?.tokens.find((address) => address === token);
    if (chain === undefined || to === undefined)
      throw new RangeError(`${token} is not asked about`);
    const holders = [...new Set([...chain.holdersOf(to), ...balances.keys()])];
    const [total, ...views] = await callViews(chain.node, block, [
      { to, data: erc20.totalSupply.encode({}) },
      ...holders.map((account) => ({ to, data: erc20.balanceOf.encode({ account }) })),
    ]);
    const where = `${chainId} ${token} at block ${block}`;
    if (supply !== null && supply !== total) wrong.push(`${where}: supply ${supply}, not ${total}`);
    for (const [index, holder] of holders.entries()) {
      const ours = balances.get(holder) ?? 0n;
      if (ours !== views[index]) wrong.push(`${where}: ${holder} ${ours}, not ${views[index]}`);
    }
    figures += views.length + (supply === null ? 0 : 1);
  }
  return { figures, wrong };
}

/** Every figure of the books, against the contracts: at the head of each chain, and at earlier blocks. */
export async function judgeBooks(
  databaseUrl: string,
  chains: readonly FollowedChain[],
  earlierBlocks: number,
): Promise<AuditComparison> {
  const db = new pg.Pool({ connectionString: databaseUrl, max: 4 });
  db.on('error', () => undefined);
  const total: { figures: number; mismatches: Mismatch[] } = { figures: 0, mismatches: [] };
  try {
    for (const token of await readTokens(db)) {
      const chain = chains.find(({ node }) => node.chainId === token.chainId);
      if (chain === undefined) throw new RangeError(`chain ${token.chainId} is not of this proof`);
      const holders = chain.holdersOf(token.address);
      const last = await chain.head();
      for (let step = 0; step <= earlierBlocks; step++) {
        const block = last - Math.floor((chain.grownBlocks * step) / (earlierBlocks + 1));
        const compared = await compareToken(db, chain.node, token, holders, block);
        total.figures += compared.figures;
        total.mismatches.push(...compared.mismatches);
      }
    }
  } finally {
    await db.end();
  }
  return total;
}

/** What proved an amount depends on when the block was read. */
const OF_THE_WAY = 'snapshot_proof';

/** Commits to all final snapshots, as the indexer does in the background. */
async function commitFinal(databaseUrl: string, chainIds: readonly number[]): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { signal } = new AbortController();
  try {
    for (const chainId of chainIds) while (await commitNextSnapshot(client, chainId, signal));
  } finally {
    await client.end();
  }
}

/** Rows and ledger hashes of the promoted server, against those of a fresh index of both chains. */
export async function judgeRows(
  config: string,
  urls: { readonly found: string; readonly fresh: string },
  chains: readonly FollowedChain[],
): Promise<{ readonly rows: number; readonly differences: readonly string[] }> {
  await migrate(urls.fresh);
  const loaded = await loadConfig(config, {});
  for (const chain of loaded.chains) {
    const followed = chains.find(({ node }) => node.chainId === chain.id);
    if (followed === undefined) throw new RangeError(`chain ${chain.id} is not of this proof`);
    await runIndexer({
      chain,
      databaseUrl: urls.fresh,
      toBlock: await followed.head(),
      onProgress: () => undefined,
      signal: new AbortController().signal,
    });
  }
  const ids = chains.map(({ node }) => node.chainId);
  for (const url of [urls.found, urls.fresh]) {
    await hashFinal(url, ids);
    await commitFinal(url, ids);
  }
  const [found, fresh] = [await booksByAddress(urls.found), await booksByAddress(urls.fresh)];
  const differences: string[] = [];
  let rows = 0;
  for (const [table, lines] of Object.entries(fresh)) {
    if (table === OF_THE_WAY) continue;
    const others = found[table] ?? [];
    rows += lines.length;
    differences.push(...onlyIn(others, lines).map((row) => `${table}: too much ${row}`));
    differences.push(...onlyIn(lines, others).map((row) => `${table}: missing ${row}`));
  }
  return { rows, differences };
}
