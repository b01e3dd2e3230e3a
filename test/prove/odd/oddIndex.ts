import pg from 'pg';
import type { Chain } from '../../../devnet/anvil.js';
import type { Address } from '../../../src/address.js';
import { runFirstAudit } from '../../../src/audit/background/firstAudit.js';
import { ChainNode } from '../../../src/chain/node.js';
import { ImoError } from '../../../src/errors.js';
import { runIndexer } from '../../../src/processor/run.js';
import { readHolds } from '../../../src/store/read/tokens/holds.js';
import { readCursor } from '../../../src/store/write/cursor.js';
import type { NewDatabase } from '../proofServer.js';

/** Why a contract has no figures, or none after a block. */
export interface Refusal {
  readonly kind: 'refused' | 'held';
  readonly code: string;
  readonly reason: string;
  /** Last block with figures; -1 where there are none. */
  readonly lastBlock: number;
}

/** A contract, and the ERC-20 assets that the config names: no getter says them. */
export interface IndexedContract {
  readonly address: Address;
  readonly assets: readonly Address[];
}

/** An index of as many contracts as could be indexed. */
export interface OddIndex {
  readonly databaseUrl: string;
  readonly refusals: ReadonlyMap<Address, Refusal>;
}

/**
 * Indexes contracts together up to a block. A contract that is refused at the start is left out,
 * and the others are indexed into a new database; one that is held stays.
 *
 * @throws what is not about one of the contracts
 */
export async function indexOdd(
  chain: Chain,
  newDatabase: NewDatabase,
  contracts: readonly IndexedContract[],
  toBlock: number,
): Promise<OddIndex> {
  const refusals = new Map<Address, Refusal>();
  let tokens = contracts;
  for (;;) {
    const databaseUrl = await newDatabase();
    if (tokens.length === 0) return { databaseUrl, refusals };
    const error = await failureOf(chain, databaseUrl, tokens, toBlock);
    const { isIndexed, holds } = await outcomeOf(databaseUrl, chain.chainId, toBlock);
    if (isIndexed) {
      for (const { address, code, reason, lastBlock } of holds) {
        refusals.set(address, { kind: 'held', code, reason, lastBlock });
      }
      await auditAtEnd(chain, databaseUrl, toBlock);
      return { databaseUrl, refusals };
    }
    const { code = '', message: reason = 'the run ended before the last block' } = error ?? {};
    const refused = tokens.find(({ address }) => reason.toLowerCase().includes(address));
    if (refused === undefined) throw error ?? new Error(reason);
    refusals.set(refused.address, { kind: 'refused', code, reason, lastBlock: -1 });
    // The contracts before it were accepted: check the others first, and none repeatedly.
    const place = tokens.indexOf(refused);
    tokens = [...tokens.slice(place + 1), ...tokens.slice(0, place)];
  }
}

async function failureOf(
  chain: Chain,
  databaseUrl: string,
  tokens: readonly IndexedContract[],
  toBlock: number,
): Promise<ImoError | null> {
  try {
    await runIndexer({
      chain: {
        id: chain.chainId,
        name: 'devnet',
        rpcUrl: chain.url,
        fallbackRpcUrls: [],
        gatewayUrl: null,
        finalityConfirmation: 20,
        startBlock: null,
        headPollIntervalSeconds: 0.1,
        labels: [],
        sales: [],
        collections: [],
        oracles: [],
        tokens: tokens.map((token) => ({ ...token, policy: 'auto', startBlock: null })),
      },
      databaseUrl,
      toBlock,
      onProgress: () => undefined,
      onWarning: () => undefined,
      signal: new AbortController().signal,
    });
    return null;
  } catch (error) {
    if (error instanceof ImoError) return error;
    throw error;
  }
}

/** As `index --to-block` ends: what differs in a sample is recorded, and marks every answer. */
async function auditAtEnd(chain: Chain, databaseUrl: string, toBlock: number): Promise<void> {
  const db = new pg.Pool({ connectionString: databaseUrl, max: 2 });
  db.on('error', () => undefined);
  const node = new ChainNode(chain.url);
  try {
    const { hash } = await node.blockHeader(toBlock);
    await runFirstAudit({
      db,
      node,
      chainId: chain.chainId,
      block: { number: toBlock, hash },
      signal: new AbortController().signal,
      onProgress: () => undefined,
    });
  } finally {
    node.close();
    await db.end();
  }
}

async function outcomeOf(databaseUrl: string, chainId: number, toBlock: number) {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const cursor = await readCursor(client, chainId);
    const holds = (await readHolds(client, chainId)).filter(({ lastBlock }) => lastBlock < toBlock);
    return { isIndexed: cursor !== null && cursor.head.height >= toBlock, holds };
  } finally {
    await client.end();
  }
}
