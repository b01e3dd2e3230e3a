import type { ChainNode } from '../../chain/node.js';
import { factoryKey } from '../../config/factories/factories.js';
import type { ChainConfig } from '../../config/types.js';
import { chainIdOf, joiningKey } from '../../store/booksKey.js';
import type { SqlClient } from '../../store/database/sqlClient.js';
import { readCreated, readFactories } from '../../store/registry/factories.js';
import { FactoryDesk } from './factoryDesk.js';

/**
 * The desk of joining books that compares what factories logged in blocks that were indexed without them;
 * `null` where there is no such factory.
 *
 * @param whole the config of the chain
 */
export async function unreadFactories(
  db: SqlClient,
  node: ChainNode,
  { factories: configured = [], id }: ChainConfig,
  say: (line: string) => void,
): Promise<FactoryDesk | null> {
  const starts = new Map(
    (await readFactories(db, joiningKey(id))).map((one) => [one.factory, one.startBlock]),
  );
  const factories = configured.flatMap((config) => {
    const startBlock = starts.get(factoryKey(config));
    return startBlock === undefined ? [] : [{ config, startBlock }];
  });
  if (factories.length === 0) return null;
  return new FactoryDesk(node, factories, await readCreated(db, chainIdOf(id)), say);
}
