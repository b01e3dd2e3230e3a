import { type Address, checksummed } from '../../address.js';
import { ImoError } from '../../errors.js';
import { type HoldRecord, readHolds } from '../../store/read/tokens/holds.js';
import { forgetHeldFeed } from '../../store/registry/priceFeeds.js';
import { readCursor } from '../../store/write/cursor.js';
import { rewindChain } from '../holding/rewind.js';
import { openConnections } from './connections.js';

/** What resuming a held contract did. */
export interface Resumption {
  readonly hold: HoldRecord;
  /** The block from whose end the next run reads again; `null`: from the first one. */
  readonly from: number | null;
}

/**
 * Releases a held contract: takes its chain back to the last block at which its books were right, so
 * that the next run of `index` reads the blocks after it again, of all contracts of the chain. Of a price
 * feed, `index` reads all prices again, and no block.
 *
 * @throws ImoError `CONTRACT_NOT_HELD`, and `CHAIN_LOCKED` while the chain is being indexed
 */
export async function resumeContract(
  databaseUrl: string,
  chainId: number,
  address: Address,
): Promise<Resumption> {
  const connections = await openConnections(databaseUrl, chainId);
  try {
    const { writer } = connections;
    const holds = await readHolds(writer, chainId);
    const hold = holds.find((record) => record.address === address);
    if (hold === undefined) throw notHeld(chainId, address, holds);
    if (hold.kind === 'feed') {
      await forgetHeldFeed(writer, chainId, address);
      return { hold, from: (await readCursor(writer, chainId))?.head.height ?? null };
    }
    const known = await rewindChain(writer, chainId, hold.lastBlock);
    return { hold, from: known?.height ?? null };
  } finally {
    await connections.close();
  }
}

function notHeld(chainId: number, address: Address, holds: readonly HoldRecord[]): ImoError {
  const names = holds.map((hold) => checksummed(hold.address)).join(', ');
  return new ImoError(
    'CONTRACT_NOT_HELD',
    `${checksummed(address)} is not held on chain ${chainId}`,
    names === ''
      ? 'No contract of this chain is held: `imo-ledger index` continues all of them.'
      : `Held contracts: ${names}.`,
  );
}
