import { z } from 'zod';
import type { Address } from '../../address.js';
import { addressField } from '../file/fields.js';

/** An ERC-7007 collection to index. */
export interface CollectionConfig {
  /** Lower case. */
  readonly address: Address;
  /** First block to index; must not be after the deployment. `null`: found by itself. */
  readonly startBlock: number | null;
  /** Name for people; `null`: what the contract says. */
  readonly label: string | null;
}

/** Keys below `collections`. */
export const COLLECTION_KEYS: Readonly<Record<string, readonly string[]>> = {
  collections: ['address', 'startBlock', 'label'],
};

export const COLLECTION_KEY_HINTS: Readonly<Record<string, string>> = {
  collections:
    'Write `collections:` and below it a list with one entry per ERC-7007 collection: `- address: 0x…`.',
};

/** @param block how a block number is checked */
export function collectionField(block: z.ZodType<number | null | undefined>) {
  return z
    .strictObject({ address: addressField, startBlock: block, label: z.string().min(1).nullish() })
    .transform(({ address, startBlock, label }): CollectionConfig => {
      return { address, startBlock: startBlock ?? null, label: label ?? null };
    });
}
