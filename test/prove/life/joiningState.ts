import { canonical, isSame } from '../../../src/plan/canonical.js';
import { keyOf, LIST_NAMES, type Manifest, manifestFromStore } from '../../../src/plan/manifest.js';
import { query } from '../../support/query.js';

/** How far a change of the config is in the database. */
export interface JoiningState {
  /** Newest block of the live books, and its hash; `null`: none yet. */
  readonly live: { readonly height: number; readonly hash: string } | null;
  /** Newest block of books that are to join; `null`: none. */
  readonly joining: number | null;
  /** Anything is left of joining books. */
  readonly isBusy: boolean;
}

/** Reads it without a lock: it may be over a moment later. */
export async function readJoiningState(
  databaseUrl: string,
  chainId: number,
): Promise<JoiningState> {
  const cursors = await query<{ chain_id: string; height: number; hash: Buffer }>(
    databaseUrl,
    'SELECT chain_id, height, hash FROM chain_cursor',
  );
  const of = (key: number) => cursors.find((row) => Number(row.chain_id) === key);
  const live = of(chainId);
  const [left] = await query<{ count: string }>(
    databaseUrl,
    `SELECT count(*) FROM (SELECT 1 FROM manifest WHERE chain_id < 0
       UNION ALL SELECT 1 FROM token WHERE chain_id < 0 UNION ALL SELECT 1 FROM contract WHERE chain_id < 0
       UNION ALL SELECT 1 FROM chain_cursor WHERE chain_id < 0) AS rest`,
  );
  return {
    live:
      live === undefined ? null : { height: live.height, hash: `0x${live.hash.toString('hex')}` },
    joining: of(-chainId)?.height ?? null,
    isBusy: Number(left?.count) > 0,
  };
}

/** Whether the live books are what a config wants, besides what factories created. */
export async function isBooked(
  databaseUrl: string,
  chainId: number,
  wanted: Manifest,
): Promise<boolean> {
  const [row] = await query<{ config: unknown }>(
    databaseUrl,
    `SELECT config FROM manifest WHERE chain_id = ${chainId}`,
  );
  if (row === undefined) return false;
  const stored = manifestFromStore(row.config);
  const created = new Set(
    (
      await query<{ address: Buffer }>(databaseUrl, 'SELECT DISTINCT address FROM factory_contract')
    ).map(({ address }) => `0x${address.toString('hex')}`),
  );
  return LIST_NAMES.every((list) => {
    const names = new Set(wanted[list].map((entry) => keyOf(list, entry)));
    const named = stored[list].filter(
      (entry) => names.has(keyOf(list, entry)) || !created.has(keyOf(list, entry)),
    );
    return isSame(canonical(named), canonical(wanted[list]));
  });
}
