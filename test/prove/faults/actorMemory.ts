import type { LivingOffering } from '../bookLife.js';

/**
 * Remembers what the actors of an offering know of oracles and collections; the function that
 * comes back makes them forget what they learned since, as a fork of the chain must.
 */
export function rememberActors({ oracles, collections, world }: LivingOffering): () => void {
  const ofOracles = oracles.oracles.map((oracle) => {
    const models = structuredClone(oracle.models);
    const { requestIds, gasPrice } = oracle;
    const requests = [...requestIds];
    return () => {
      refill(oracle.models, structuredClone(models));
      requestIds.splice(0, Infinity, ...requests);
      oracle.gasPrice = gasPrice;
    };
  });
  const owners = structuredClone(collections.owners);
  const prompts = structuredClone(collections.prompts);
  return () => {
    for (const restore of ofOracles) restore();
    refill(collections.owners, structuredClone(owners));
    refill(collections.prompts, structuredClone(prompts));
    world.triedClaims.clear();
  };
}

function refill<Key, Value>(map: Map<Key, Value>, entries: ReadonlyMap<Key, Value>): void {
  map.clear();
  for (const [key, value] of entries) map.set(key, value);
}
