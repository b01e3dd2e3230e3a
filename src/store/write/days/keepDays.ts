import type { ClientBase } from 'pg';
import { writeWhileFinal } from '../whileFinal.js';
import { type DaysPosition, readNextDays } from './nextDays.js';
import { prepareRankDays } from './rankDays.js';
import { dropOutgrown } from './rankGrid.js';
import { writeTransferDays } from './transferDays.js';

export interface KeepingOptions {
  /** Transfers whose days are kept in one transaction. It briefly keeps the indexer from committing. */
  readonly transfersAtOnce: number;
  /** Tokens with fewer transfers are read without kept days. */
  readonly keptFrom: number;
}

const DEFAULTS: KeepingOptions = { transfersAtOnce: 10_000, keptFrom: 2_000 };

/**
 * Keeps the next days of one token: its transfers by kind, and what ranks are counted from.
 *
 * @param finalDay the start of the newest day that is not over
 * @param position where the search continues; kept from call to call, it finds each token once
 * @returns whether there were such days
 */
export async function keepNextDays(
  client: ClientBase,
  chainId: number,
  finalDay: Date,
  options: KeepingOptions = DEFAULTS,
  position: DaysPosition = { number: 0 },
): Promise<boolean> {
  const outgrown = await dropOutgrown(client, chainId);
  if (outgrown !== null) {
    position.number = Math.min(position.number, outgrown);
    return true;
  }
  const next = await readNextDays(client, chainId, finalDay, options, position);
  const newest = next?.days.at(-1)?.proof;
  if (next === null || newest === undefined) return false;
  const ranks = await prepareRankDays(client, next);
  return writeWhileFinal(client, chainId, { height: newest.number, newest }, async () => {
    const { rows } = await client.query(
      `SELECT FROM token WHERE number = $1 AND chain_id = $2
         AND NOT EXISTS (SELECT FROM leaving_books WHERE number = $1)`,
      [next.tokenNumber, chainId],
    );
    if (rows.length === 0) return;
    await writeTransferDays(client, next);
    await ranks.write(client);
  });
}
