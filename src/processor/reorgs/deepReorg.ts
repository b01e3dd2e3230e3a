import { Rpc } from '@subsquid/evm-processor/lib/ds-rpc/rpc.js';
import type { ClientBase } from 'pg';
import { addressFromBytes } from '../../address.js';
import type { BlockHeader, ChainNode } from '../../chain/node.js';
import { withChecks } from '../../chain/rpc/blocks/checkedRpc.js';
import type { PooledClient } from '../../chain/rpc/connection/pooledClient.js';
import type { TraceSupport } from '../../chain/sourceCheck.js';
import { ImoError } from '../../errors.js';
import { chainIdOf, isGroup, isJoining, registryKey } from '../../store/booksKey.js';
import { beginSql } from '../../store/database/beginSql.js';
import { forgetCreatedAbove } from '../../store/leaving/forgetCreated.js';
import { leaveBooks, leaveUndeployed } from '../../store/leaving/leaveBooks.js';
import type { KnownContract } from '../../store/read/chains/indexedContracts.js';
import { readRevenueAssets } from '../../store/read/tokens/revenueAssets.js';
import { rollbackFork } from '../../store/write/chainReorgs.js';
import {
  type BlockPoint,
  type ChainCursor,
  readCursor,
  writeCursor,
} from '../../store/write/cursor.js';
import { newestKnownBlock } from '../../store/write/knownBlocks.js';
import { commonAncestor } from './commonAncestor.js';

/** Of the new blocks, as many are read as it takes to meet a transaction, but not more. */
const BLOCKS_TO_READ = 20;

export interface DeepReorgOptions {
  readonly db: ClientBase;
  readonly node: ChainNode;
  readonly client: PooledClient;
  /** How nodes bring call frames: it may be asked still. */
  readonly support: Promise<TraceSupport>;
  readonly chainId: number;
  readonly contractNumbers: readonly number[];
  /** Addresses that the config itself names. */
  readonly named: ReadonlySet<string>;
  readonly onWarning: (line: string) => void;
}

/**
 * Takes back what is indexed above the newest block that the database and the chain share,
 * in one transaction, after the blocks that come in its place were seen to be there.
 *
 * @throws ImoError `CHAIN_REPLACED` if a contract was deployed above that block that no factory created, or
 *   there is none; `RPC_BLOCK_MISSING` if the new blocks cannot be read: nothing is deleted then.
 */
export async function recoverDeepReorg(options: DeepReorgOptions): Promise<void> {
  const { db, node, chainId, contractNumbers, onWarning } = options;
  const cursor = await readCursor(db, chainId);
  if (cursor === null) return;
  const head = await node.headNumber();
  const ancestor = await commonAncestor({
    below: cursor.finalized.height,
    knownAtOrBelow: (height) => newestKnownBlock(db, chainId, height),
    isOnChain: async ({ height, hash }) =>
      height <= head && (await node.blockHeader(height)).hash === hash,
  });
  if (ancestor === null) throw replaced(cursor, 'no block that is indexed is on this chain');
  const undeployed = await undeployedContracts(options, cursor, ancestor);
  const [shared, ...newBlocks] = await readReplacement(options, cursor, ancestor, head);

  await db.query(beginSql(chainId));
  try {
    // The books of shared assets have numbers of their own, which no open desk may know yet.
    const assets = await readRevenueAssets(db, contractNumbers);
    const numbers = [...contractNumbers, ...assets.map(({ number }) => number)];
    const fork = { height: ancestor.height, newHash: newBlocks[0]?.hash ?? null };
    await rollbackFork(db, chainId, numbers, fork);
    await leaveUndeployed(db, registryKey(chainId));
    // The live books read the factories again, and joining books book what is deployed again.
    await leaveBooks(db, registryKey(chainId), undeployed);
    if (chainId > 0) await forgetCreatedAbove(db, chainId, ancestor.height);
    const timestamp = new Date(shared.timestampMs).toISOString();
    await writeCursor(db, chainId, { ...ancestor, timestamp }, ancestor);
    await db.query('COMMIT');
  } catch (error) {
    await db.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
  const { finalized, head: old } = cursor;
  onWarning(
    `DEEP REORG of chain ${chainIdOf(chainId)}: block ${old.height} ${old.hash} is gone. The chain forked after ` +
      `block ${ancestor.height} ${ancestor.hash}, ${finalized.height - ancestor.height} blocks below the ` +
      `finalised one (${finalized.height}); it continues with ${newBlocks[0]?.hash ?? 'no block yet'}. ` +
      `${old.height - ancestor.height} blocks were taken back and are indexed again`,
  );
}

/** The headers from the ancestor on: linked, as high as we are or as the chain is, readable. */
async function readReplacement(
  { client, node, support, chainId, onWarning }: DeepReorgOptions,
  { head: old }: ChainCursor,
  ancestor: BlockPoint,
  head: number,
): Promise<[BlockHeader, ...BlockHeader[]]> {
  const to = Math.max(Math.min(head, old.height + 1), ancestor.height);
  const [shared, ...more] = await node.headers(ancestor.height, to);
  if (shared?.hash !== ancestor.hash || more.length !== to - ancestor.height) {
    throw new ImoError(
      'RPC_BLOCK_MISSING',
      `${node.displayUrl} does not have the blocks ${ancestor.height} to ${to} of a single chain`,
      'Nothing was deleted. The node is behind, or a load balancer mixes several nodes. The indexer asks again.',
    );
  }
  const rpc = withChecks(new Rpc(client), {
    client,
    onWarning,
    chainId: chainIdOf(chainId),
  });
  for (const { hash } of more.slice(0, BLOCKS_TO_READ)) {
    const { block } = await rpc.getColdBlock(hash, {
      transactions: true,
      logs: true,
      traces: true,
      preferTraceApi: (await support).traceBlock,
    });
    if (block.transactions.length > 0) break;
  }
  return [shared, ...more];
}

/**
 * Contracts that were deployed above a block, besides those that factories of live books created.
 *
 * @throws ImoError `CHAIN_REPLACED` if the config names one of live books
 */
async function undeployedContracts(
  { db, chainId, named }: DeepReorgOptions,
  cursor: ChainCursor,
  ancestor: BlockPoint,
): Promise<readonly KnownContract[]> {
  const { rows: deployed } = await db.query<{
    kind: KnownContract['kind'];
    address: Buffer;
    block: number;
    is_created: boolean;
  }>(
    `SELECT kind, address, block, EXISTS (SELECT FROM factory_contract f
          WHERE f.chain_id = $1 AND f.address = deployed.address) AS is_created
      FROM (
        SELECT 'token' AS kind, address, start_block AS block FROM token
          WHERE chain_id = $1 AND archived_block IS NULL
        UNION ALL SELECT kind, address, start_block FROM contract
          WHERE chain_id = $1 AND archived_block IS NULL) AS deployed
      WHERE block > $2 ORDER BY block`,
    [registryKey(chainId), ancestor.height],
  );
  // Those of other groups are for them.
  const rows = deployed.filter(
    ({ address }) => !isGroup(chainId) || named.has(addressFromBytes(address)),
  );
  // What the config does not name leaves it, with a factory that has left it already.
  const isExpected = ({ address, is_created: isCreated }: (typeof rows)[number]) =>
    isCreated || isJoining(chainId) || !named.has(addressFromBytes(address));
  const first = rows.find((row) => !isExpected(row));
  if (first !== undefined) {
    const address = addressFromBytes(first.address);
    throw replaced(cursor, `${address} was deployed in block ${first.block}, which is gone`);
  }
  return rows
    .filter((row) => isJoining(chainId) || !row.is_created)
    .map(({ kind, address }) => ({ kind, address: addressFromBytes(address) }));
}

function replaced({ head }: ChainCursor, reason: string): ImoError {
  return new ImoError(
    'CHAIN_REPLACED',
    `block ${head.height} ${head.hash} is indexed, and the chain is another one: ${reason}`,
    'Was a local chain restarted? Index into a new database; this one was not changed.',
  );
}
