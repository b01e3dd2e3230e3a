import { checksummed } from '../../address.js';
import { factoryKey } from '../../config/factories/factories.js';
import {
  REFUSALS_AT_MOST,
  readRefusedCreations,
} from '../../store/read/chains/refusedCreations.js';
import { readCreated, readFactories } from '../../store/registry/factories.js';
import type { Check } from '../check.js';
import { type FindingKinds, makersOf } from '../finding.js';
import type { BooksSubject } from './books.js';

const KINDS = {
  FACTORY_WITHOUT_CODE: {
    severity: 'error',
    means: 'there is no contract at the address of a factory of the config',
    remedy: 'Check the address and the chain of the factory.',
  },
  FACTORY_CREATED_NOTHING: {
    severity: 'warning',
    means: 'a factory was searched, and none of its logs is the event of the config',
    remedy:
      'Compare the event with the source code of the factory: its name, the types of its fields and which of them are `indexed`.',
  },
  CREATIONS_LEFT_OUT: {
    severity: 'warning',
    means: 'contracts that factories created are left out, and the others are indexed',
    remedy:
      'Look at the reason of each in `imo-ledger status`. Another policy of the entry, or another field of the event, may help.',
  },
} as const satisfies FindingKinds;

const found = makersOf(KINDS);

/** Whether the factories of the config lead to contracts. */
export const factories: Check<BooksSubject> = {
  name: 'factories',
  kinds: KINDS,
  async run({ chain, pool, node }) {
    const configured = chain.factories ?? [];
    if (configured.length === 0) return [];
    const searched = new Set((await readFactories(pool, chain.id)).map(({ factory }) => factory));
    const created = new Set((await readCreated(pool, chain.id)).map(({ factory }) => factory));
    const view = await node();
    const findings = [];
    for (const config of configured) {
      const key = factoryKey(config);
      const name = checksummed(config.factory);
      if (view !== null && (await view.code(config.factory)) === '0x') {
        const at = `block ${view.head.number}`;
        findings.push(
          found.FACTORY_WITHOUT_CODE(chain.name, `factory ${name} has no code at ${at}`),
        );
      } else if (searched.has(key) && !created.has(key)) {
        const text = `factory ${name} has logged no "${config.event.fragment}" so far`;
        findings.push(found.FACTORY_CREATED_NOTHING(chain.name, text));
      }
    }
    const refused = (await readRefusedCreations(pool)).filter(
      ({ chainId }) => chainId === chain.id,
    );
    const [newest] = refused;
    if (newest === undefined) return findings;
    const count =
      refused.length < REFUSALS_AT_MOST ? refused.length : `${REFUSALS_AT_MOST} or more`;
    const text =
      `${count} contracts of factories are left out; the newest is ${checksummed(newest.address)} ` +
      `(${newest.code}): ${newest.reason}`;
    return [...findings, found.CREATIONS_LEFT_OUT(chain.name, text)];
  },
};
