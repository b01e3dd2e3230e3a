import { join } from 'node:path';
import type pg from 'pg';
import type { Address } from '../../address.js';
import { auditedBlock } from '../../audit/run.js';
import { type AuditState, loadState, newAudit } from '../../audit/state.js';
import type { HolderChoice } from '../../audit/steps/parts.js';
import type { ChainNode } from '../../chain/node.js';
import { ImoError } from '../../errors.js';

/** The options of the command line that select what to audit. */
export interface AuditChoice {
  readonly token?: Address;
  readonly at?: number | 'latest';
  readonly holders?: readonly string[];
  /** Earlier blocks to draw for each token; left out: only the block itself. */
  readonly earlier?: number | false;
  readonly resume?: boolean;
  /** Folder of the states of interrupted audits. */
  readonly state: string;
}

/** Where the audit of a chain is kept until it is done. */
export function statePath({ state }: AuditChoice, chainId: number): string {
  return join(state, `audit-${chainId}.json`);
}

/**
 * Where to begin: at the start, or with `--resume` where the audit was interrupted, if it was.
 *
 * @throws ImoError `AUDIT_NOT_THE_SAME` if that one was started with other options,
 *   `AUDIT_BAD_HOLDERS`, `AUDIT_BAD_STATE`, and those of `auditedBlock`
 */
export async function startingState(
  db: pg.Pool,
  node: ChainNode,
  chainId: number,
  options: AuditChoice,
): Promise<AuditState> {
  const { token = null } = options;
  const holders = options.holders === undefined ? 'all' : holderChoice(options.holders);
  const earlier = options.earlier === false ? null : (options.earlier ?? null);
  const path = statePath(options, chainId);
  const known = options.resume ? await loadState(path) : null;
  if (known !== null) {
    assertSame('--token', known.token, options.token ?? known.token, path);
    assertSame('--holders', known.holders, options.holders ? holders : known.holders, path);
    assertSame('--earlier', known.earlier, earlier, path);
    const { number } = known.block;
    assertSame('--at', number, typeof options.at === 'number' ? options.at : number, path);
    const { hash } = await auditedBlock(db, node, chainId, { block: number });
    assertSame('the block', known.block.hash, hash, path);
    return known;
  }
  const at = typeof options.at === 'number' ? { block: options.at } : null;
  const block = await auditedBlock(db, node, chainId, at);
  return newAudit({ chainId, block, token, holders, earlier });
}

function assertSame(what: string, interrupted: unknown, wanted: unknown, path: string): void {
  if (interrupted === wanted) return;
  throw new ImoError(
    'AUDIT_NOT_THE_SAME',
    `the interrupted audit in ${path} has another ${what}: ${interrupted}, not ${wanted}`,
    'Resume it with the options that it was started with, or start again without --resume.',
  );
}

function holderChoice(words: readonly string[]): HolderChoice {
  const [choice, size = ''] = words;
  if (choice === 'all' && words.length === 1) return 'all';
  if (choice === 'sample' && words.length === 2 && /^[1-9]\d{0,6}$/.test(size)) return Number(size);
  throw new ImoError(
    'AUDIT_BAD_HOLDERS',
    `--holders ${words.join(' ')} is neither "all" nor "sample N"`,
    'Write --holders all, or --holders sample 1000.',
  );
}
