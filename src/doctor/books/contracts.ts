import { checksummed } from '../../address.js';
import { factoryKey } from '../../config/factories/factories.js';
import type { ChainConfig } from '../../config/types.js';
import {
  type KnownContract,
  readKnownContracts,
} from '../../store/read/chains/indexedContracts.js';
import { readCreated } from '../../store/registry/factories.js';
import type { Check } from '../check.js';
import { type FindingKinds, makersOf } from '../finding.js';
import type { BooksSubject } from './books.js';

const KINDS = {
  CHAIN_NOT_INDEXED: {
    severity: 'warning',
    means: 'nothing of a chain of the config is indexed',
    remedy: 'Run `imo-ledger index`.',
  },
  CONTRACT_NOT_INDEXED: {
    severity: 'warning',
    means: 'a contract of the config has no live books, although its chain is indexed',
    remedy:
      'Run `imo-ledger index`: it books the history of the contract next to the live books. `imo-ledger status` shows how far it is.',
  },
  CONTRACT_NOT_IN_CONFIG: {
    severity: 'warning',
    means: 'a contract has books that continue and is not in the config',
    remedy:
      'Put the contract back into the config, or run `imo-ledger index`: it archives the books, which stay readable.',
  },
} as const satisfies FindingKinds;

const found = makersOf(KINDS);

/** Whether config and database name the same contracts. */
export const contracts: Check<BooksSubject> = {
  name: 'contracts',
  kinds: KINDS,
  async run({ chain, pool, cursor }) {
    const known = await readKnownContracts(pool, chain.id);
    const wanted = contractsOf(chain);
    const missing = without(wanted, known).map((one) =>
      found.CONTRACT_NOT_INDEXED(
        chain.name,
        `${described(one)} is in the config, not in the database`,
      ),
    );
    const keys = new Set((chain.factories ?? []).map(factoryKey));
    const created = (await readCreated(pool, chain.id)).filter(({ factory }) => keys.has(factory));
    const addresses = new Set(created.map(({ address }) => address));
    const others = known.filter(({ address }) => !addresses.has(address));
    const dropped = without(others, wanted).map((one) =>
      found.CONTRACT_NOT_IN_CONFIG(
        chain.name,
        `${described(one)} is in the database, not in the config`,
      ),
    );
    if (cursor !== null) return [...missing, ...dropped];
    return [
      found.CHAIN_NOT_INDEXED(chain.name, `chain ${chain.id} has no indexed block`),
      ...dropped,
    ];
  },
};

function contractsOf({
  tokens,
  oracles,
  collections,
  sales,
  lookThrough = [],
}: ChainConfig): KnownContract[] {
  const of = (kind: KnownContract['kind'], list: readonly Pick<KnownContract, 'address'>[]) =>
    list.map(({ address }) => ({ kind, address }));
  return [
    ...of('token', tokens),
    ...of('oracle', oracles),
    ...of('collection', collections),
    ...of('sale', sales),
    ...of('pool', lookThrough),
  ];
}

function without(some: readonly KnownContract[], others: readonly KnownContract[]) {
  const keys = new Set(others.map(({ kind, address }) => `${kind} ${address}`));
  return some.filter(({ kind, address }) => !keys.has(`${kind} ${address}`));
}

function described({ kind, address }: KnownContract): string {
  return `${kind} ${checksummed(address)}`;
}
