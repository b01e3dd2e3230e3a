import { z } from 'zod';
import type { Address } from '../../address.js';
import { addressField } from '../file/fields.js';

/** An AI oracle to index. Its version is seen, not configured. */
export interface OracleConfig {
  /** Of the proxy; lower case. */
  readonly address: Address;
  /**
   * First block to index; after the deployment, models start with the terms that the oracle
   * returns. `null`: found automatically.
   */
  readonly startBlock: number | null;
  /** Name for people. */
  readonly label: string | null;
}

/** Keys below `oracles`. */
export const ORACLE_KEYS: Readonly<Record<string, readonly string[]>> = {
  oracles: ['address', 'startBlock', 'label'],
};

export const ORACLE_KEY_HINTS: Readonly<Record<string, string>> = {
  oracles: 'Write `oracles:` and below it a list with one entry per AI oracle: `- address: 0x…`.',
};

/** @param block how a block number is checked */
export function oracleField(block: z.ZodType<number | null | undefined>) {
  return z
    .strictObject({ address: addressField, startBlock: block, label: z.string().min(1).nullish() })
    .transform(({ address, startBlock, label }): OracleConfig => {
      return { address, startBlock: startBlock ?? null, label: label ?? null };
    });
}
