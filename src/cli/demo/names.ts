import { OFFERING_MODELS } from '../../../devnet/offeringModels.js';
import type { ChainConfig } from '../../config/types.js';
import type { DemoChain } from './chain.js';
import type { DemoAnswer } from './query.js';

/** What people call the addresses and models of the demo. */
export interface DemoNames {
  /** The address itself where it has no name. @param address in any case */
  address(address: string): string;
  model(modelId: bigint): string;
}

/** Names that the API tells, the labels of imo.yaml, and what is written nowhere. */
export function demoNames(
  { sales, collections, models }: DemoAnswer,
  { labels }: ChainConfig,
  { offering }: DemoChain,
): DemoNames {
  const named: readonly (readonly [string, string | null])[] = [
    [offering.sales.dollar.address, 'DAI'],
    ...labels.map(({ address, name }) => [address, name] as const),
    ...sales.map(({ address, label }) => [address, label] as const),
    ...collections.map(({ address, name }) => [address, name] as const),
    ...models.map(({ oracle }) => [oracle.address, oracle.label] as const),
  ];
  const names = new Map(
    named.map(([address, name]) => [address.toLowerCase(), name ?? address] as const),
  );
  const modelNames = new Map(OFFERING_MODELS.map(({ modelId, name }) => [modelId, name]));
  return {
    address: (address) => names.get(address.toLowerCase()) ?? address,
    model: (modelId) => modelNames.get(modelId) ?? `model ${modelId}`,
  };
}
