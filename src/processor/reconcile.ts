import { type Address, checksummed } from '../address.js';
import type { ChainConfig } from '../config/types.js';
import { ImoError } from '../errors.js';

/** A contract that was just found on the chain. */
export interface NewContract<Row> {
  readonly startBlock: number;
  /** Adds it to the database. */
  insert(): Promise<Row>;
}

/** How config and database are brought together for one kind of contract. */
export interface Reconciliation<Config extends { readonly address: Address }, Row> {
  /** For messages and codes: `token`, `oracle`, `collection` or `sale`. */
  readonly kind: string;
  readonly chain: ChainConfig;
  readonly configured: readonly Config[];
  readonly known: readonly (Row & { readonly address: Address })[];
  /** Height up to which the chain is indexed; `null`: not at all. */
  readonly indexedTo: number | null;
  /** Throws if the config no longer describes a contract that is known. */
  assertUnchanged?(row: Row, config: Config): void;
  /** Reads a new contract from the chain. */
  detect(config: Config): Promise<NewContract<Row>>;
  /** What helps against being too late; default: another database. */
  lateHint?(indexedTo: number): string;
}

/**
 * Makes the configured contracts of one kind ready to index: known ones are taken from the
 * database, new ones from the chain, in the order of the config.
 *
 * @throws ImoError `<KIND>_MISSING_IN_CONFIG` or `<KIND>_ADDED_LATE` if config and database
 *   do not fit, and what `assertUnchanged` and `detect` throw.
 */
export async function reconcile<Config extends { readonly address: Address }, Row>(
  reconciliation: Reconciliation<Config, Row>,
): Promise<Row[]> {
  const { configured, known, indexedTo } = reconciliation;
  const wanted = new Set(configured.map(({ address }) => address));
  const dropped = known.find(({ address }) => !wanted.has(address));
  if (dropped !== undefined) throw missingInConfig(reconciliation, dropped.address);

  const rows: Row[] = [];
  for (const config of configured) {
    const row = known.find(({ address }) => address === config.address);
    if (row !== undefined) {
      reconciliation.assertUnchanged?.(row, config);
      rows.push(row);
      continue;
    }
    const found = await reconciliation.detect(config);
    if (indexedTo !== null && indexedTo >= found.startBlock) {
      throw addedLate(reconciliation, config.address, found.startBlock, indexedTo);
    }
    rows.push(await found.insert());
  }
  return rows;
}

interface Subject {
  readonly kind: string;
  readonly chain: ChainConfig;
  lateHint?(indexedTo: number): string;
}

function missingInConfig({ kind, chain }: Subject, address: Address): ImoError {
  return new ImoError(
    `${kind.toUpperCase()}_MISSING_IN_CONFIG`,
    `the database has ${kind} ${checksummed(address)} on chain ${chain.id}, the config has not`,
    'Put it back, or index into another database: its figures would silently stop moving.',
  );
}

function addedLate(
  { kind, chain, lateHint }: Subject,
  address: Address,
  startBlock: number,
  indexedTo: number,
): ImoError {
  return new ImoError(
    `${kind.toUpperCase()}_ADDED_LATE`,
    `${kind} ${checksummed(address)} starts in block ${startBlock}, chain ${chain.id} is indexed to ${indexedTo} already`,
    lateHint?.(indexedTo) ?? `Index into a new database with every ${kind} in the config.`,
  );
}
