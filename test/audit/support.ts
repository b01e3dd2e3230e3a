import pg from 'pg';
import { onTestFinished } from 'vitest';
import { auditedBlock, runAudit } from '../../src/audit/run.js';
import { type AuditState, newAudit } from '../../src/audit/state.js';
import { ChainNode } from '../../src/chain/node.js';

export interface LocalAudit {
  readonly chain: { readonly chainId: number; readonly url: string };
  readonly databaseUrl: string;
  readonly multicall?: boolean;
  /** Earlier blocks that are drawn for each token; default: only the newest block. */
  readonly earlier?: number;
  /** Continues from here; default: from the start. */
  readonly from?: AuditState;
  /** Called with every finished part; may abort. */
  readonly onPart?: (state: AuditState, stop: () => void) => void | Promise<void>;
}

/** Audits every holder at the newest indexed block, in this process. */
export async function auditHere(request: LocalAudit): Promise<AuditState> {
  const { chain, databaseUrl, multicall = true, onPart } = request;
  const db = new pg.Pool({ connectionString: databaseUrl });
  db.on('error', () => undefined);
  const node = new ChainNode(chain.url);
  onTestFinished(async () => {
    node.close();
    await db.end();
  });
  const stopping = new AbortController();
  const { chainId } = chain;
  const block = await auditedBlock(db, node, chainId, null);
  const from =
    request.from ??
    newAudit({ chainId, block, token: null, holders: 'all', earlier: request.earlier ?? null });
  return runAudit(
    {
      db,
      node,
      multicall,
      signal: stopping.signal,
      onProgress: () => undefined,
      pagesAtOnce: 3,
      save: async (state) => {
        await onPart?.(state, () => stopping.abort());
      },
    },
    from,
  );
}
