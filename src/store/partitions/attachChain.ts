import { ImoError } from '../../errors.js';
import type { DatabaseClient } from '../database/postgres.js';
import { attachToken } from './attachToken.js';
import { type DetachedToken, readDetachedTokens } from './detached.js';
import type { Announce } from './detachToken.js';

/**
 * Attaches every detached token of a chain, one after the other. One that cannot be attached keeps no other
 * from it: its error comes at the end.
 *
 * @throws ImoError `NOT_DETACHED`, and the first one of `attachToken`
 */
export async function attachChain(
  db: DatabaseClient,
  chainId: number,
  options: {
    signal: AbortSignal;
    announce: Announce;
    onAttached: (token: DetachedToken) => void;
  },
): Promise<void> {
  const tokens = (await readDetachedTokens(db)).filter((token) => token.chainId === chainId);
  if (tokens.length === 0) {
    throw new ImoError(
      'NOT_DETACHED',
      `no token of chain ${chainId} is detached`,
      '`imo-ledger partition list` shows the detached tokens.',
    );
  }
  const refused: ImoError[] = [];
  for (const { address } of tokens) {
    try {
      options.onAttached(await attachToken(db, chainId, address, options));
    } catch (error) {
      if (!(error instanceof ImoError)) throw error;
      refused.push(error);
    }
  }
  if (refused[0] !== undefined) throw refused[0];
}
