import { checksummed } from '../../address.js';
import type { Creation } from '../../chain/factories/creations.js';
import { type FactoryConfig, factoryKey } from '../../config/factories/factories.js';
import { ImoError } from '../../errors.js';
import type { CreatedContract } from '../../store/registry/factories.js';

/** @throws ImoError `FACTORY_EVENT_UNREADABLE` if no log has the fields of the event */
export function assertReadable(
  configs: readonly FactoryConfig[],
  creations: readonly Creation[],
  unreadable: number,
): void {
  if (unreadable === 0 || creations.length > 0) return;
  const [{ factory, event }] = configs as [FactoryConfig];
  throw new ImoError(
    'FACTORY_EVENT_UNREADABLE',
    `none of ${unreadable} logs of ${checksummed(factory)} has the fields of "${event.fragment}"`,
    'Compare the event with the source code of the factory: which fields are `indexed`?',
  );
}

/**
 * A factory that is searched for the first time must have named a contract, if it named anything.
 *
 * @throws ImoError `FACTORY_NAMES_NO_CONTRACT`
 */
export function assertSomeContract(
  configured: readonly FactoryConfig[],
  searched: ReadonlyMap<string, unknown>,
  contracts: readonly CreatedContract[],
): void {
  for (const config of configured) {
    const key = factoryKey(config);
    const own = contracts.filter(({ factory }) => factory === key);
    if (searched.has(key) || own.length === 0 || own.some(({ refusal }) => refusal === null))
      continue;
    throw new ImoError(
      'FACTORY_NAMES_NO_CONTRACT',
      `the field "${config.field}" of ${own.length} events of ${checksummed(config.factory)} never names a contract: ` +
        `there is no code at ${own
          .slice(0, 3)
          .map(({ address }) => checksummed(address))
          .join(', ')}`,
      'Name the field that holds the created contract, or another event.',
    );
  }
}
