import { freshDatabase, query } from '../databases/postgres.js';
import { indexTo } from '../programs/indexer.js';
import type { SaleScene } from './saleScene.js';

/** What the books say: kind, short participant, short caller, raise and token amount. */
export type BookedEntry = readonly [
  kind: string,
  participant: string | null,
  caller: string | null,
  raise: string,
  tokens: string,
];

/** Indexes the scene and returns all entries in order. */
export async function bookedEntries(scene: SaleScene): Promise<BookedEntry[]> {
  const databaseUrl = await freshDatabase();
  await indexTo(scene.request(databaseUrl));
  const rows = await query<Record<'kind' | 'participant' | 'caller' | 'raise' | 'tokens', string>>(
    databaseUrl,
    `SELECT kind, left(encode(participant, 'hex'), 6) AS participant,
       left(encode(caller, 'hex'), 6) AS caller, raise_amount::text AS raise,
       token_amount::text AS tokens
     FROM sale_entry ORDER BY id`,
  );
  return rows.map(({ kind, participant, caller, raise, tokens }) => [
    kind,
    participant,
    caller,
    raise,
    tokens,
  ]);
}

/** The first six digits. */
export const short = (address: string) => address.slice(2, 8).toLowerCase();
