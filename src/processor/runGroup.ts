import type { ChainConfig } from '../config/types.js';
import { ImoError } from '../errors.js';
import type { ContractGroup } from '../store/registry/groups.js';
import { readGroups } from '../store/registry/groups.js';
import { dissolveGroups, formGroups } from '../store/write/groups/formGroups.js';
import { isSameDivision } from './groups/checkGroup.js';
import { contractGroups, groupChain } from './groups/groupChain.js';
import type { BooksOptions } from './indexerOptions.js';
import { type DatabaseUrl, openConnections, readNow } from './run/connections.js';
import { runBooks } from './runBooks.js';

/**
 * Indexes one group of contracts of a chain as its config wants it, until `toBlock` is committed or the signal aborts.
 * Other processes index the other groups. Readers see the chain as far as all of its groups are.
 *
 * @throws what `runBooks` throws; ImoError `GROUP_NOT_CONFIGURED`, `GROUPS_CHANGED` and `GROUPS_CANNOT_CHANGE`
 */
export async function runGroup(
  options: Omit<BooksOptions, 'whole' | 'onPlan' | 'onOpened'>,
  name: string,
): Promise<void> {
  const { chain, databaseUrl, onWarning = () => undefined } = options;
  const groups = contractGroups(chain);
  const group = groups.find((one) => one.name === name) ?? refuse(chain, groups, name);
  await divide(databaseUrl, chain.id, groups, onWarning);
  await runBooks({ ...options, chain: groupChain(chain, group), whole: chain });
}

function refuse({ id }: ChainConfig, groups: readonly ContractGroup[], name: string): never {
  const names = groups.map((group) => group.name).join(', ');
  throw new ImoError(
    'GROUP_NOT_CONFIGURED',
    `chain ${id} has no group "${name}" in the config`,
    names === ''
      ? 'Add `groups:` to the chain, or leave out --group.'
      : `Its groups are ${names}. Add the group to the config, or choose one of these with --group.`,
  );
}

/** Divides a chain as the config wants it. It is divided again only while nobody indexes any part of it. */
async function divide(
  databaseUrl: DatabaseUrl,
  chainId: number,
  groups: readonly ContractGroup[],
  onWarning: (line: string) => void,
): Promise<void> {
  const stored = await readNow(databaseUrl, (db) => readGroups(db, chainId));
  if (isSameDivision(stored, groups)) return;
  const connections = await openConnections(databaseUrl, chainId, { keepsGroups: true });
  try {
    const { writer } = connections;
    // Another group may have divided it while this one was waiting for its lock.
    if (isSameDivision(await readGroups(writer, chainId), groups)) return;
    const back = await dissolveGroups(writer, chainId);
    if (back !== null) {
      onWarning(
        `The groups of chain ${chainId} changed. Blocks ${back.to + 1} to ${back.from} are read again: ` +
          'not all groups had them',
      );
    }
    await formGroups(writer, chainId, groups);
  } finally {
    await connections.close();
  }
}
