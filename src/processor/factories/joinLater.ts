import type { ClientBase } from 'pg';
import type { Address } from '../../address.js';
import { detectCollection } from '../../chain/collection/detectCollection.js';
import { detectToken } from '../../chain/contract/detect.js';
import type { ChainNode } from '../../chain/node.js';
import { detectSale } from '../../chain/sales/terms.js';
import { assertAssetsFit } from '../../config/contracts/assets.js';
import type { ChainConfig } from '../../config/types.js';
import { canonical, isSame } from '../../plan/canonical.js';
import { keyOf, manifestFromStore, manifestOf } from '../../plan/manifest.js';
import { joiningKey } from '../../store/booksKey.js';
import type { SqlClient } from '../../store/database/sqlClient.js';
import { writeRefusals } from '../../store/registry/factories.js';
import { readManifest } from '../../store/registry/manifest.js';
import { readRegistered } from '../../store/registry/registered.js';
import { readCursor } from '../../store/write/cursor.js';
import { inTurns } from '../desks/inTurns.js';
import { type EffectiveChain, Refusals } from './createdContracts.js';

/** Contracts that are looked up on the chain at the same time. */
const DETECTED_AT_ONCE = 32;

/** A config to plan with: of what factories created, only what can be indexed, and now. */
export async function plannedCreations(
  db: ClientBase,
  effective: EffectiveChain,
  options: UnfitOptions,
): Promise<EffectiveChain> {
  // The first index leaves out what it meets when it opens the contracts.
  if ((await readCursor(db, effective.chain.id)) === null) return effective;
  return withoutUnfit(db, await withoutWaiting(db, effective), options);
}

/**
 * A config without what factories created since others began to join: it joins after them, so that a busy
 * factory does not make them start again and again.
 */
export async function withoutWaiting(
  db: SqlClient,
  effective: EffectiveChain,
): Promise<EffectiveChain> {
  const { chain, created } = effective;
  const stored = await readManifest(db, joiningKey(chain.id));
  if (stored === null) return effective;
  const joining = manifestFromStore(stored.config);
  const known = new Set(
    (['tokens', 'collections', 'sales'] as const).flatMap((list) =>
      joining[list].map((entry) => keyOf(list, entry)),
    ),
  );
  const rest = without(chain, new Set([...created].filter((address) => !known.has(address))));
  const isOfThem = isSame(canonical(manifestOf(rest)), canonical(joining));
  return isOfThem ? { chain: rest, created } : effective;
}

interface UnfitOptions {
  readonly node: ChainNode;
  /** The program and config that refuse. */
  readonly by: string;
  readonly onWarning: (line: string) => void;
}

/** Leaves out what factories created and cannot be indexed, before it is to join. */
async function withoutUnfit(
  db: ClientBase,
  effective: EffectiveChain,
  { node, by, onWarning }: UnfitOptions,
): Promise<EffectiveChain> {
  const { chain, created } = effective;
  const known = new Set<Address>(
    [
      ...(await readRegistered(db, chain.id)),
      ...(await readRegistered(db, joiningKey(chain.id))),
    ].map(({ address }) => address),
  );
  const refusals = new Refusals(created, by, onWarning);
  const checked = <Config extends { readonly address: Address }>(
    configs: readonly Config[],
    detect: (config: Config) => Promise<unknown>,
  ) => {
    const fresh = configs.filter(({ address }) => created.has(address) && !known.has(address));
    return inTurns(fresh, DETECTED_AT_ONCE, (config) =>
      detect(config).catch((error: unknown) => {
        if (!refusals.take(config.address, error)) throw error;
      }),
    );
  };
  await checked(chain.tokens, async (config) => {
    const { policy } = await detectToken(node, config, chain.startBlock);
    assertAssetsFit({ address: config.address, policy, assets: config.assets });
  });
  refusals.refuseSales(refusals.without(chain));
  await checked(chain.collections, (config) => detectCollection(node, config, chain.startBlock));
  await checked(refusals.without(chain).sales, (config) =>
    detectSale(node, config, chain.startBlock),
  );
  if (refusals.all.size === 0) return effective;
  await writeRefusals(db, chain.id, refusals.all);
  const left = [...created].filter((address) => !refusals.all.has(address));
  return { chain: refusals.without(chain), created: new Set(left) };
}

function without(chain: ChainConfig, addresses: ReadonlySet<Address>): ChainConfig {
  const isLeft = ({ address }: { readonly address: Address }) => !addresses.has(address);
  return {
    ...chain,
    tokens: chain.tokens.filter(isLeft),
    collections: chain.collections.filter(isLeft),
    sales: chain.sales.filter(isLeft),
  };
}
