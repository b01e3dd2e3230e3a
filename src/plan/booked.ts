import type { Address } from '../address.js';
import { wantedPolicy } from '../config/contracts/policy.js';
import type { ChainConfig } from '../config/types.js';
import { differingParts } from '../ledger/policies/parts.js';
import type { TokenRecord } from '../store/read/tokens/tokens.js';
import { type JsonObject } from './canonical.js';
import { KINDS } from './comparePlans.js';
import type { Registry } from './examine.js';
import {
  keyOf,
  LIST_NAMES,
  type ListName,
  type Manifest,
  manifestOf,
  orderedEntries,
} from './manifest.js';
import type { BookingVersions } from './plan.js';

/**
 * What the books of a program without stored manifests are: the contracts of the database, as the config
 * describes them where it fits, and the labels that receipts have.
 *
 * @param attributed labelled addresses that receipts are attributed to
 * @param passed addresses of labels of the config that receipts passed
 */
export function manifestOfRegistry(
  chain: ChainConfig,
  registry: Registry,
  {
    attributed,
    passed,
  }: { readonly attributed: readonly Address[]; readonly passed: ReadonlySet<string> },
): Manifest {
  const wanted = manifestOf(chain);
  const known = new Set(registry.contracts.map(({ kind, address }) => `${kind} ${address}`));
  const kept = (list: ListName) =>
    wanted[list].filter((entry) => known.has(`${KINDS[list]} ${keyOf(list, entry)}`));
  const missing = (list: ListName) => {
    const configured = new Set(wanted[list].map((entry) => keyOf(list, entry)));
    return registry.contracts
      .filter(({ kind, address }) => kind === KINDS[list] && !configured.has(address))
      .map(({ address, startBlock }) => ({ address, startBlock, label: null }));
  };
  const labels = wanted.labels.filter((entry) => {
    const address = keyOf('labels', entry);
    return !passed.has(address) || attributed.some((one) => one === address);
  });
  const gone = attributed
    .filter((address) => !wanted.labels.some((entry) => keyOf('labels', entry) === address))
    .map((address) => ({ address, name: '' }));
  return {
    ...wanted,
    tokens: orderedEntries('tokens', [
      ...kept('tokens').map((entry) => asIndexed(entry, chain, registry.tokens)),
      ...missing('tokens'),
    ]),
    sales: orderedEntries('sales', [
      ...kept('sales').map((entry) => saleAsIndexed(entry, registry)),
      ...missing('sales'),
    ]),
    collections: orderedEntries('collections', [...kept('collections'), ...missing('collections')]),
    oracles: orderedEntries('oracles', [...kept('oracles'), ...missing('oracles')]),
    lookThrough: orderedEntries('lookThrough', [...kept('lookThrough'), ...missing('lookThrough')]),
    labels: orderedEntries('labels', [...labels, ...gone]),
  };
}

/** A manifest without the contracts that the database does not have: nothing is indexed of them. */
export function ofRegistered(stored: Manifest, registry: Registry): Manifest {
  const known = new Set(registry.contracts.map(({ kind, address }) => `${kind} ${address}`));
  const lists = LIST_NAMES.map((list) => {
    const kind = KINDS[list];
    if (kind === undefined) return [list, stored[list]] as const;
    return [
      list,
      stored[list].filter((entry) => known.has(`${kind} ${keyOf(list, entry)}`)),
    ] as const;
  });
  return {
    name: stored.name,
    ...(Object.fromEntries(lists) as Record<ListName, readonly JsonObject[]>),
  };
}

interface BookedManifest {
  readonly manifest: Manifest;
  readonly bookedBy: Partial<BookingVersions>;
}

/** With the pools of the database, where a program has stored the manifest that knew none in manifests. */
export function withPools(
  stored: BookedManifest,
  chain: ChainConfig,
  registry: Registry,
): BookedManifest {
  if (stored.bookedBy.pool !== undefined) return stored;
  const none = { attributed: [], passed: new Set<string>() };
  const { lookThrough } = manifestOfRegistry(chain, registry, none);
  return {
    manifest: { ...stored.manifest, lookThrough },
    bookedBy: { ...stored.bookedBy, pool: 1 },
  };
}

/** With another policy where the config's is not that of the books. */
function asIndexed(
  entry: JsonObject,
  chain: ChainConfig,
  tokens: readonly TokenRecord[],
): JsonObject {
  const address = keyOf('tokens', entry);
  const config = chain.tokens.find((token) => token.address === address);
  const policy = tokens.find((token) => token.address === address)?.rules.policy;
  const wanted = config === undefined ? 'auto' : wantedPolicy(config);
  if (policy === undefined || wanted === 'auto') return entry;
  if (differingParts(wanted.parts, policy.parts).length === 0) return entry;
  return { ...entry, policy: policy.name };
}

function saleAsIndexed(entry: JsonObject, { sales }: Registry): JsonObject {
  const sale = sales.find(({ address }) => address === keyOf('sales', entry));
  if (sale === undefined) return entry;
  const raised = sale.raiseAsset ?? 'native';
  return {
    ...entry,
    kind: sale.kind,
    token: sale.token,
    raiseAsset: (entry.raiseAsset ?? raised) === raised ? (entry.raiseAsset ?? null) : raised,
    custom: sale.mapping === null ? null : sortedMapping(sale.mapping),
  };
}

/** The mapping of a sale as a manifest has it. @param mapping JSON of the database */
function sortedMapping(mapping: string): JsonObject {
  const { events } = JSON.parse(mapping) as { events: { fragment: string }[] };
  const [sorted] = orderedEntries('sales', [
    { custom: { events: events.toSorted((a, b) => (a.fragment < b.fragment ? -1 : 1)) } },
  ]);
  return (sorted?.custom ?? {}) as JsonObject;
}
