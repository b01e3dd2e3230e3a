import { getAddress } from 'ethers';
import type { Address } from '../address.js';
import { closest } from '../config/file/closest.js';
import { ImoError } from '../errors.js';
import { PRESETS } from './presets/list.js';
import type { Preset } from './presets/preset.js';

/** What the command line names. */
export interface Named {
  readonly addresses: readonly Address[];
  readonly presets: readonly Preset[];
}

/**
 * Reads addresses and names of presets.
 *
 * @throws ImoError `INIT_UNKNOWN_NAME`, `INIT_BAD_ADDRESS` or `INIT_BAD_CHECKSUM`
 */
export function readNamed(texts: readonly string[]): Named {
  const addresses = new Set<Address>();
  const presets = new Set<Preset>();
  for (const text of texts) {
    const preset = PRESETS.find(({ name }) => name === text.toLowerCase());
    if (preset === undefined) addresses.add(readAddress(text));
    else presets.add(preset);
  }
  return { addresses: [...addresses], presets: [...presets] };
}

function readAddress(text: string): Address {
  if (!/^0x/i.test(text)) throw unknownName(text);
  if (!/^0x[0-9a-fA-F]{40}$/.test(text)) {
    throw new ImoError(
      'INIT_BAD_ADDRESS',
      `"${text}" is not an address: it does not have 40 hex digits after 0x`,
      'Copy the address of the contract from a block explorer.',
    );
  }
  const digits = text.slice(2);
  const isOneCase = digits === digits.toLowerCase() || digits === digits.toUpperCase();
  const right = getAddress(text.toLowerCase());
  if (isOneCase || text === right) return `0x${digits.toLowerCase()}`;
  throw new ImoError(
    'INIT_BAD_CHECKSUM',
    `"${text}" has a wrong checksum: a digit may be mistyped`,
    `Compare it with a block explorer. If every digit is right, write ${right}.`,
  );
}

function unknownName(text: string): ImoError {
  const names = PRESETS.map(({ name }) => name);
  const similar = closest(text, names);
  return new ImoError(
    'INIT_UNKNOWN_NAME',
    `"${text}" is neither an address nor a known deployment`,
    `${similar === null ? '' : `Did you mean "${similar}"? `}Name an address, 0x and 40 hex digits, or one of: ${names.join(', ')}.`,
  );
}

/**
 * The addresses, labels and pools of presets on a chain.
 *
 * @throws ImoError `INIT_PRESET_CHAIN` for a preset that is not there
 */
export function presetsOn(presets: readonly Preset[], chainId: number) {
  const contracts = presets.map(({ name, text, chains }) => {
    const there = chains[chainId];
    if (there !== undefined) return there;
    throw new ImoError(
      'INIT_PRESET_CHAIN',
      `the endpoint serves chain ${chainId}, but ${name} (${text}) is on chain ${Object.keys(chains).join(', ')}`,
      'Give an endpoint of that chain with --rpc.',
    );
  });
  return {
    addresses: contracts.flatMap(({ addresses }) => addresses),
    labels: contracts.flatMap(({ labels }) => labels),
    pools: contracts.flatMap(({ pools = [] }) => pools),
  };
}
