import type { Address } from '../../address.js';

/** A known deployment. Its addresses are those that the docs of this repository name. */
export interface Preset {
  /** What the command line calls it, e.g. `olm`. */
  readonly name: string;
  /** What it is, as a phrase. */
  readonly text: string;
  /** By EIP-155 chain id. */
  readonly chains: Readonly<Record<number, PresetContracts>>;
}

/** What a deployment has on one chain. */
export interface PresetContracts {
  /** Examined like the addresses of the command line. */
  readonly addresses: readonly Address[];
  /** Addresses that people know by a name. */
  readonly labels: readonly { readonly address: Address; readonly name: string }[];
  /** Pools that hold a token for depositors, by their names in `lookThrough`. */
  readonly pools?: readonly string[];
}
