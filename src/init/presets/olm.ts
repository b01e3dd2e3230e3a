import type { Preset } from './preset.js';

/** The first IMO token, with the staking pool that holds much of it (imo.yaml of the repository). */
export const olm: Preset = {
  name: 'olm',
  text: 'OLM, the OpenLM RevShare Token, with its staking pool',
  chains: {
    1: {
      addresses: ['0xe5018913f2fdf33971864804ddb5fca25c539032'],
      labels: [{ address: '0x4f5e12233ed7ca1699894174fcbd77c7ed60b03d', name: 'OLM staking pool' }],
      pools: ['olm-staking'],
    },
  },
};
