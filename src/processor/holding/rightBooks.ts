import type { ClientBase } from 'pg';
import { findLastRight } from '../../audit/disagreements/lastRight.js';
import type { ChainNode } from '../../chain/node.js';
import { beginSql } from '../../store/database/beginSql.js';
import type { Queryable } from '../../store/read/query/queryable.js';
import type { HoldRecord } from '../../store/read/tokens/holds.js';
import { readRevenueAssets } from '../../store/read/tokens/revenueAssets.js';
import { readTokens } from '../../store/read/tokens/tokens.js';
import { readCursor } from '../../store/write/cursor.js';
import { rollbackContract } from '../../store/write/rollback.js';

/** Where the books of a held contract end. */
export interface RightBooks {
  /** The last block proven right. */
  readonly lastBlock: number;
  /** A final block contradicts the books: no fork can mend that. */
  readonly isFinal: boolean;
  /** What was found, as sentences after the reason of the hold. */
  readonly found: string;
}

/**
 * Takes the books of a token that is about to be held back to the last block at which the contract
 * confirms them: what ended them may have been wrong for long. Other kinds of contracts stay as
 * they are. Called when the books are committed to their end.
 *
 * @param key of the books: of the chain, or of the group of the contract
 */
export async function endWhereRight(
  {
    writer: db,
    reader,
    key,
  }: { readonly writer: ClientBase; readonly reader: Queryable; readonly key: number },
  node: ChainNode,
  { chainId, kind, address, lastBlock }: HoldRecord,
): Promise<RightBooks> {
  const asTheyAre = { lastBlock, isFinal: false, found: '' };
  const cursor = await readCursor(db, key);
  const [token] = kind === 'token' ? await readTokens(db, { chainId, address }) : [];
  if (cursor === null || token === undefined) return asTheyAre;
  if (lastBlock < token.startBlock) return asTheyAre;
  const right = await findLastRight(reader, node, token, lastBlock);
  const unproven = unprovenText(right.unprovenTo);
  const { difference } = right;
  if (difference === null) return { ...asTheyAre, found: unproven };
  const assets = await readRevenueAssets(db, [token.number]);
  await db.query(beginSql(key));
  try {
    const numbers = [token.number, ...assets.map(({ number }) => number)];
    await rollbackContract(db, chainId, numbers, right.block);
    await db.query('COMMIT');
  } catch (error) {
    await db.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
  const { figure, block, ours, contract } = difference;
  return {
    lastBlock: right.block,
    isFinal: block <= cursor.finalized.height,
    found:
      `. Its figures differ from block ${block} on: ${figure} is ${ours} by the books, and ` +
      `${contract === null ? 'reverts' : contract} by the contract${unproven}`,
  };
}

/** The text of a hold about figures that could not be compared; empty if all could. */
export function unprovenText(block: number | null): string {
  if (block === null) return '';
  return `. Its figures up to block ${block} are unproven: the node does not keep that state`;
}
