import type { ClientBase } from 'pg';
import type { Address } from '../../address.js';
import { factoryKey } from '../../config/factories/factories.js';
import {
  type CreatedContract,
  forgetFactories,
  noteUnread,
  readCreated,
  readFactories,
  writeCreated,
  writeFactory,
} from '../../store/registry/factories.js';
import { type EffectiveChain, withCreated } from './createdContracts.js';
import type { WatchedFactory } from './factoryDesk.js';
import { type FactoryOptions, findCreations, startFactories } from './findCreations.js';

export interface OpenedFactories extends EffectiveChain {
  readonly factories: readonly WatchedFactory[];
  /** In the order of their events, with those that are left out. */
  readonly contracts: readonly CreatedContract[];
  /** Of them: created in a block that the node does not have. They are looked up when it has it. */
  readonly unseen: ReadonlySet<Address>;
}

/**
 * Searches the final blocks for what the factories of a chain created, and adds it to the config. What starts in
 * blocks that are indexed already joins the live books by the plan.
 *
 * @throws ImoError `FACTORY_NOT_A_CONTRACT`, `FACTORY_START_TOO_LATE`, `FACTORY_EVENT_UNREADABLE` and
 *   `FACTORY_NAMES_NO_CONTRACT`; nothing is written then
 */
export async function openFactories(
  db: ClientBase,
  options: FactoryOptions,
): Promise<OpenedFactories> {
  const { chain } = options;
  const keys = (chain.factories ?? []).map(factoryKey);
  await forgetFactories(db, chain.id, keys);
  if (keys.length === 0) {
    const none = new Set<Address>();
    return { chain, created: none, factories: [], contracts: [], unseen: none };
  }
  const known = {
    searched: await readFactories(db, chain.id),
    created: await readCreated(db, chain.id),
  };
  const factories = await startFactories(options, known);
  const { contracts, unseen, searchedTo } = await findCreations(options, factories, known);
  const searchedBefore = new Set(known.searched.map(({ factory }) => factory));
  await inTransaction(db, async () => {
    const before = new Set(known.created);
    await writeCreated(
      db,
      chain.id,
      contracts.filter((contract) => !before.has(contract)),
    );
    for (const { config, startBlock, searchedTo: to } of factories) {
      const factory = factoryKey(config);
      const reached = Math.max(to, searchedTo.get(factory) ?? 0);
      await writeFactory(db, chain.id, { factory, startBlock, searchedTo: reached });
      const isLate = !searchedBefore.has(factory) && startBlock <= (options.indexedTo ?? -1);
      if (isLate) await noteUnread(db, chain.id, { factory, startBlock });
    }
  });
  return { ...withCreated(chain, contracts), factories, contracts, unseen };
}

async function inTransaction(db: ClientBase, work: () => Promise<void>): Promise<void> {
  await db.query('BEGIN');
  try {
    await work();
    await db.query('COMMIT');
  } catch (error) {
    await db.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
