/** What a new entry of `chains` says about a known chain. */
export interface NamedNetwork {
  readonly name: string;
  /** The public SQD Portal of the chain; `null`: none is documented here. */
  readonly portal: string | null;
}

const NETWORKS: Readonly<Record<number, NamedNetwork>> = {
  1: { name: 'ethereum', portal: 'https://portal.sqd.dev/datasets/ethereum-mainnet' },
  10: { name: 'optimism', portal: null },
  137: { name: 'polygon', portal: null },
  169: { name: 'manta', portal: null },
  5000: { name: 'mantle', portal: null },
  8453: { name: 'base', portal: null },
  42161: { name: 'arbitrum', portal: null },
  59144: { name: 'linea', portal: null },
};

/** @param id EIP-155 */
export function namedNetwork(id: number): NamedNetwork {
  return NETWORKS[id] ?? { name: `chain-${id}`, portal: null };
}

/** The environment variable that has the URL of a service of a chain, e.g. `RPC_ETHEREUM`. */
export function variableOf(service: 'RPC' | 'PORTAL', chainId: number): string {
  return `${service}_${namedNetwork(chainId).name.toUpperCase().replaceAll('-', '_')}`;
}
