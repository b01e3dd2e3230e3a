import type pg from 'pg';
import type { ChainNode } from '../../chain/node.js';
import { type IndexedContract, readContracts } from '../../store/registry/contracts.js';
import {
  type ContractAuditResult,
  readContractAudit,
  recordContractAudit,
} from '../../store/write/contractAudits.js';
import type { AuditedBlock } from '../questions/chainViews.js';
import type { Mismatch } from '../questions/question.js';
import { compareCollection } from '../steps/compareCollection.js';
import { compareModels } from '../steps/compareModels.js';

export interface ContractAuditOptions {
  readonly db: pg.Pool;
  readonly node: ChainNode;
  readonly chainId: number;
  readonly block: AuditedBlock;
  /** Blocks between two audits of one contract. */
  readonly everyBlocks: number;
  readonly isClosed: () => boolean;
  readonly onMismatches: (contract: IndexedContract, mismatches: readonly Mismatch[]) => void;
}

/** Audits every oracle, and the next tokens of every collection, that is due at a final block. */
export async function auditContracts(options: ContractAuditOptions): Promise<void> {
  const { db, node, chainId, block, everyBlocks, isClosed, onMismatches } = options;
  for (const kind of ['oracle', 'collection'] as const) {
    for (const contract of await readContracts(db, chainId, kind)) {
      if (isClosed()) return;
      if (contract.startBlock > block.number) continue;
      const { block: last, after } = await readContractAudit(db, contract.number);
      // After a rollback below the last audit, any next block will do.
      if (last !== null && Math.abs(block.number - last) < everyBlocks) continue;
      const found =
        kind === 'oracle'
          ? await oracleResult(db, node, contract, block)
          : await collectionResult(db, node, contract, block, after);
      await record(db, found);
      onMismatches(contract, found.mismatches);
    }
  }
}

type Found = ContractAuditResult & { readonly mismatches: readonly Mismatch[] };

async function oracleResult(
  db: pg.Pool,
  node: ChainNode,
  oracle: IndexedContract,
  block: AuditedBlock,
): Promise<Found> {
  const comparison = await compareModels(db, node, oracle, block);
  return { ...comparison, number: oracle.number, block, asked: 'all', after: null };
}

async function collectionResult(
  db: pg.Pool,
  node: ChainNode,
  collection: IndexedContract,
  block: AuditedBlock,
  after: string | null,
): Promise<Found> {
  const part = await compareCollection(db, node, collection, block, { after });
  const { comparison, asked, next } = part;
  return { ...comparison, number: collection.number, block, asked, after: next };
}

async function record(db: pg.Pool, found: Found): Promise<void> {
  const client = await db.connect();
  try {
    await recordContractAudit(client, found);
  } finally {
    client.release();
  }
}
