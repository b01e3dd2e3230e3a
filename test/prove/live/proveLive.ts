import { setTimeout as delay } from 'node:timers/promises';
import { defaultAccounts } from '../../../devnet/actors.js';
import { type Anvil, startAnvil } from '../../../devnet/anvil.js';
import { mineBlock, sendTransaction, setAutomine } from '../../../devnet/chain.js';
import { deployReference, deployWindowed } from '../../../devnet/deploy.js';
import { SeededRandom } from '../../../devnet/random.js';
import { runIndexer } from '../../../src/processor/run.js';
import { dumpTables } from '../../support/databases/tables.js';
import { wrongBalances } from '../../support/nodes/frameDialects.js';
import { startOddNode } from '../../support/nodes/oddNode.js';
import { chainConfig } from '../../support/programs/indexer.js';
import { query } from '../../support/query.js';

export interface LiveOptions {
  readonly blocks: number;
  /** Milliseconds from one block to the next; 0: as fast as the chain mines. */
  readonly blockMs: number;
  readonly seed: number;
  /** Every so many balances, the node answers with that of the block before or after. */
  readonly wrongEvery: number;
  readonly freshDatabase: () => Promise<string>;
  readonly say: (line: string) => void;
}

export interface LiveReport {
  readonly blocks: number;
  readonly payments: number;
  /** Money without a frame that the chain really got. */
  readonly untraced: number;
  /** Receipts without a frame that the chain does not have, seen in a final block. */
  readonly falseReceipts: readonly string[];
  /** Rows that differ from those of a fresh index from a good node. */
  readonly differences: readonly string[];
  readonly rows: number;
}

const FINALITY = 10;
const NOBODY = `0x${'0'.repeat(40)}`;
const GAS = 200_000n;
/** What every token got without a frame in each final block, read with the finalised cursor. */
const FINAL_RECEIPTS = `SELECT '0x' || encode(t.address, 'hex') || ' ' || r.block_number || ' ' ||
    sum(r.amount_wei) AS receipt
  FROM receipt r JOIN token t ON t.number = r.token_number
  JOIN chain_cursor c ON c.chain_id = t.chain_id
  WHERE r.kind = 'untraced' AND r.block_number <= c.finalized_height
  GROUP BY t.address, r.block_number`;

/**
 * Follows a live head with payments to every token in each block, from a node that now and then
 * answers with the balance of another block, and looks all the time whether a receipt is final that
 * the chain does not have.
 *
 * @throws what ends the indexer
 */
export async function proveLive(options: LiveOptions): Promise<LiveReport> {
  const anvil = await startAnvil({
    genesisTimestamp: 1_750_000_000,
    historyBlocks: options.blocks + 100,
  });
  const node = await startOddNode(anvil.url, [wrongBalances(options.wrongEvery)]);
  try {
    return await liveOn(anvil, node.url, options);
  } finally {
    await node.close();
    await anvil.stop();
  }
}

async function liveOn(anvil: Anvil, url: string, options: LiveOptions): Promise<LiveReport> {
  const { say } = options;
  const tokens = await deployTokens(anvil);
  const databaseUrl = await options.freshDatabase();
  const request = { chain: { ...anvil, url }, databaseUrl, tokens, finality: FINALITY };
  const stopping = new AbortController();
  let indexedBlock = 0;
  let failure: unknown = null;
  const running = runIndexer({
    chain: chainConfig(request),
    databaseUrl,
    toBlock: null,
    onProgress: (progress) => {
      indexedBlock = progress.indexedBlock;
    },
    onWarning: (line) => say(`indexer: ${line.slice(0, 200)}`),
    signal: stopping.signal,
  }).catch((error: unknown) => {
    failure = error;
  });
  const real = new Set<string>();
  const wrong = new Set<string>();
  const look = async () => {
    if (failure !== null) throw failure;
    const rows = await query<{ receipt: string }>(databaseUrl, FINAL_RECEIPTS);
    for (const { receipt } of rows) if (!real.has(receipt)) wrong.add(receipt);
  };
  const payments = await payOn(anvil, tokens, options, real, look);
  const head = Number(await anvil.rpc.call<string>('eth_blockNumber'));
  while (indexedBlock < head) {
    await look();
    await delay(50);
  }
  stopping.abort();
  await running;
  await look();
  const fresh = await options.freshDatabase();
  const good = { ...request, chain: anvil, databaseUrl: fresh };
  await runIndexer({
    chain: chainConfig(good),
    databaseUrl: fresh,
    toBlock: head,
    onProgress: () => undefined,
    signal: new AbortController().signal,
  });
  const { differences, rows } = await compareRows(databaseUrl, fresh);
  const untraced = real.size;
  return {
    blocks: options.blocks,
    payments,
    untraced,
    falseReceipts: [...wrong],
    differences,
    rows,
  };
}

async function deployTokens(anvil: Anvil): Promise<string[]> {
  const [from = ''] = await defaultAccounts(anvil);
  const terms = { from, name: 'Live', symbol: 'LIV', supply: 10n ** 21n, percentClaimable: 80 };
  const windowed = { ...terms, snapshotInterval: 5 };
  const deployed = [
    await deployReference(anvil, terms),
    await deployWindowed(anvil, 'RevShareWindowedSeconds', windowed),
    await deployWindowed(anvil, 'RevShareWindowedBlocks', windowed),
  ];
  return deployed.map(({ address }) => address.toLowerCase());
}

/** Mines blocks with a payment to every token; some tokens get money that no frame shows. */
async function payOn(
  anvil: Anvil,
  tokens: readonly string[],
  { blocks, blockMs, seed, say }: LiveOptions,
  real: Set<string>,
  look: () => Promise<void>,
): Promise<number> {
  const random = new SeededRandom(seed);
  const accounts = await defaultAccounts(anvil);
  await setAutomine(anvil, false);
  let payments = 0;
  const startedAt = Date.now();
  for (let block = 0; block < blocks; block++) {
    for (const to of tokens) {
      // Without a payment the balance of the block before looks right where a tip came.
      const valueWei = random.chance(8) ? 0n : random.amount(10n ** 6n);
      const payment = { to, valueWei, gas: GAS, priorityFeeWei: 7n };
      await sendTransaction(anvil, { from: random.pick(accounts), ...payment });
      payments++;
    }
    // The proposer of a block gets its tips, which no frame shows.
    const proposer = random.chance(5) ? random.pick(tokens) : null;
    await anvil.rpc.call('anvil_setCoinbase', [proposer ?? NOBODY]);
    await mineBlock(anvil);
    if (proposer !== null) {
      const number = Number(await anvil.rpc.call<string>('eth_blockNumber'));
      const tipsWei = await tipsTo(anvil, proposer, number);
      if (tipsWei > 0n) real.add(`${proposer} ${number} ${tipsWei}`);
    }
    await look();
    if (block % 600 === 599) say(`${block + 1} of ${blocks} blocks`);
    const pauseMs = startedAt + (block + 1) * blockMs - Date.now();
    if (pauseMs > 0) await delay(pauseMs);
  }
  return payments;
}

/** What a token got in a block besides the payments to it, in wei. */
async function tipsTo(anvil: Anvil, token: string, mined: number): Promise<bigint> {
  const at = async (block: number) =>
    BigInt(await anvil.rpc.call<string>('eth_getBalance', [token, `0x${block.toString(16)}`]));
  const block = await anvil.rpc.call<{ transactions: { to: string; value: string }[] }>(
    'eth_getBlockByNumber',
    [`0x${mined.toString(16)}`, true],
  );
  const paidWei = block.transactions
    .filter(({ to }) => to === token)
    .reduce((sum, { value }) => sum + BigInt(value), 0n);
  return (await at(mined)) - (await at(mined - 1)) - paidWei;
}

async function compareRows(
  ours: string,
  fresh: string,
): Promise<{ readonly differences: string[]; readonly rows: number }> {
  const [left, right] = [await dumpTables(ours), await dumpTables(fresh)];
  const differences: string[] = [];
  let rows = 0;
  for (const [table, lines] of Object.entries(right)) {
    // The position of the cursor is not part of the books.
    if (table === 'chain_cursor' || table === 'hot_block') continue;
    rows += lines.length;
    const known = new Set(lines);
    const mine = new Set(left[table]);
    differences.push(
      ...(left[table] ?? []).filter((line) => !known.has(line)).map((line) => `${table} + ${line}`),
      ...lines.filter((line) => !mine.has(line)).map((line) => `${table} - ${line}`),
    );
  }
  return { differences, rows };
}
