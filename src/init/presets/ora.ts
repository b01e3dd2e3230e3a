import type { Address } from '../../address.js';
import type { Preset, PresetContracts } from './preset.js';

/** The proxy of ORA's Onchain AI Oracle, at the same address on every chain (docs/oracles.md, docs/init.md). */
export const ORA_ADDRESS: Address = '0x0a0f4321214bb6c7811dd8a71cf587bdaf03f0a0';

/** Models in use (docs/init.md). Their terms are read from the oracle. */
export const ORA_MODEL_IDS: readonly bigint[] = [11n, 13n, 14n, 15n, 50n, 503n];

const contracts: PresetContracts = { addresses: [ORA_ADDRESS], labels: [] };

export const ora: Preset = {
  name: 'ora',
  text: "ORA's Onchain AI Oracle",
  chains: {
    1: contracts,
    10: contracts,
    137: contracts,
    169: contracts,
    5000: contracts,
    8453: contracts,
    42161: contracts,
    59144: contracts,
  },
};
