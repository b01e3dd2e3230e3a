import type pg from 'pg';
import type { ChainNode } from '../../chain/node.js';
import { readTokens } from '../../store/read/tokens/tokens.js';
import { continues } from '../../store/registry/continues.js';
import { readContracts } from '../../store/registry/contracts.js';
import { recordAudit } from '../../store/write/audits.js';
import { recordContractAudit } from '../../store/write/contractAudits.js';
import { markAudited } from '../../store/write/firstAudits.js';
import type { AuditedBlock } from '../questions/chainViews.js';
import { type AuditProgress, runAudit } from '../run.js';
import { type AuditState, newAudit } from '../state.js';

/** Holders of each token that are asked about at the newest block: all of most tokens. */
export const FIRST_AUDIT_HOLDERS = 2_000;
/** Blocks that are drawn at random, besides those around the first operation of each kind. */
export const DRAWN_BLOCKS = 10;

/** The head is followed meanwhile, from the same endpoints. */
const PAGES_AT_ONCE = 2;

export interface FirstAuditOptions {
  readonly db: pg.Pool;
  readonly node: ChainNode;
  readonly chainId: number;
  readonly block: AuditedBlock;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: AuditProgress) => void;
}

/**
 * Audits a sample of everything that a backfill booked, and removes the marks of the audited
 * tokens. It records differences, so that every answer that depends on them shows them.
 *
 * @throws as `runAudit` does; the marks stay then
 */
export async function runFirstAudit(options: FirstAuditOptions): Promise<AuditState> {
  const { db, node, chainId, block, signal, onProgress } = options;
  const state = await runAudit(
    {
      db,
      node,
      multicall: true,
      onProgress,
      save: async () => undefined,
      pagesAtOnce: PAGES_AT_ONCE,
      signal,
    },
    newAudit({
      chainId,
      block,
      token: null,
      holders: FIRST_AUDIT_HOLDERS,
      earlier: DRAWN_BLOCKS,
    }),
  );
  await recordFirstAudit(db, state);
  return state;
}

/** Writes down what an audit of a whole chain found about its tokens, oracles and collections. */
export async function recordFirstAudit(
  db: pg.Pool,
  { chainId, block, mismatches }: AuditState,
): Promise<void> {
  const tokens = await readTokens(db, { chainId });
  const audited = tokens.filter((token) => token.startBlock <= block.number && continues(token));
  // A pool may have one connection only: everything is read before it is taken.
  const oracles = await readContracts(db, chainId, 'oracle');
  const contracts = [...oracles, ...(await readContracts(db, chainId, 'collection'))];
  const client = await db.connect();
  try {
    for (const { number: tokenNumber, address } of audited) {
      const ofToken = mismatches.filter(({ token }) => token === address);
      const now = ofToken.filter((mismatch) => mismatch.block === block.number);
      const earlier = ofToken.filter((mismatch) => mismatch.block !== block.number);
      const accounts = now.flatMap(({ account }) => account ?? []);
      const common = { tokenNumber, block, figures: 0, accounts, lastAccount: null };
      await recordAudit(client, { ...common, mismatches: now, earlier });
    }
    for (const { number, address } of contracts) {
      const ofContract = mismatches.filter(({ token }) => token === address);
      const common = { number, block, figures: 0, asked: 'all', after: null } as const;
      await recordContractAudit(client, { ...common, mismatches: ofContract });
    }
    await markAudited(
      client,
      audited.map(({ number }) => number),
      block.number,
    );
  } finally {
    client.release();
  }
}
