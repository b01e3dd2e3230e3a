import type { IncomeSource } from './journal.js';

/** An address that is known by the config. */
export type KnownSource = Extract<IncomeSource, 'oracle' | 'collection' | 'sale' | 'known'>;

/** Where a receipt is said to come from. */
export interface Attribution {
  readonly source: IncomeSource;
  /** The known address, `null` if there is none on the way. */
  readonly address: string | null;
  /** The model, if an oracle paid its revenue out. */
  readonly modelId: bigint | null;
}

/**
 * Names the source of a payment by the addresses that passed it on: the last contract of
 * the offering on the way, else the last labelled address, else unknown.
 *
 * @param path from the sender of the transaction to the payer
 */
export function attribute(
  path: readonly string[],
  payout: { readonly oracle: string; readonly modelId: bigint } | null,
  known: ReadonlyMap<string, KnownSource>,
): Attribution {
  const nearestFirst = [...path].reverse();
  const contract = nearestFirst.find((address) => {
    const kind = known.get(address);
    return kind !== undefined && kind !== 'known';
  });
  const address = contract ?? nearestFirst.find((passed) => known.has(passed)) ?? null;
  const source = address === null ? 'unknown' : (known.get(address) ?? 'unknown');
  const modelId = source === 'oracle' && payout?.oracle === address ? payout.modelId : null;
  return { source, address, modelId };
}
