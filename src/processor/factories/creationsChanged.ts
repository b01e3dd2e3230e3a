import type { ClientBase } from 'pg';
import { type Address, checksummed } from '../../address.js';
import type { Creation } from '../../chain/factories/creations.js';
import { chainIdOf, isJoining } from '../../store/booksKey.js';
import { forgetCreated, forgetCreatedAbove } from '../../store/leaving/forgetCreated.js';
import { writeCreated, writeJoiningCreations } from '../../store/registry/factories.js';
import { rewindChain } from '../holding/rewind.js';

/**
 * A factory created contracts that are not indexed yet, or a reorg took some back. The next attempt indexes what
 * there is now.
 */
export class CreationsChangedError extends Error {
  override readonly name = 'CreationsChangedError';

  constructor(
    /** The newest block at whose end the known contracts are the right ones. */
    readonly lastBlock: number,
    readonly added: readonly Creation[],
    /** Not created, or elsewhere than known. */
    readonly gone: readonly Address[],
  ) {
    super(`factories created ${added.length} contracts, and ${gone.length} others no longer exist`);
  }
}

/** For people. */
export function createdText({ added, gone }: CreationsChangedError): string {
  const names = (list: readonly Address[]) => {
    const more = list.length > 3 ? ` and ${list.length - 3} more` : '';
    return `${list.slice(0, 3).map(checksummed).join(', ')}${more}`;
  };
  if (added.length === 0) return `a reorg took back the creation of ${names(gone)}`;
  return `factories created ${names(added.map(({ address }) => address))}; indexing them too`;
}

/**
 * Writes down what factories created, for the next attempt. Joining books leave what is new to the live index,
 * which plans with it once they have joined.
 */
export async function noteCreations(
  writer: ClientBase,
  chainId: number,
  { lastBlock, added, gone }: CreationsChangedError,
): Promise<void> {
  await rewindChain(writer, chainId, lastBlock);
  const created = added.map((creation) => ({ ...creation, startBlock: null, refusal: null }));
  await writer.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
  try {
    if (isJoining(chainId)) {
      await writeJoiningCreations(writer, chainIdOf(chainId), created, gone);
    } else {
      await forgetCreated(writer, chainId, gone, lastBlock);
      await writeCreated(writer, chainId, created);
    }
    await writer.query('COMMIT');
  } catch (error) {
    await writer.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/**
 * Takes back the blocks of a fork that is lower than what is indexed, none of them final, with what factories
 * created there.
 */
export async function takeBackFork(
  writer: ClientBase,
  chainId: number,
  height: number,
): Promise<void> {
  await rewindChain(writer, chainId, height);
  if (chainId < 0) return;
  await writer.query('BEGIN');
  try {
    await forgetCreatedAbove(writer, chainId, height);
    await writer.query('COMMIT');
  } catch (error) {
    await writer.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
