import type { ClientBase } from 'pg';
import { type Address, checksummed } from '../../address.js';
import type { ChainConfig } from '../../config/types.js';
import { ImoError } from '../../errors.js';
import { inTurns } from './inTurns.js';

/** Contracts that are looked up on the chain at the same time: their questions share requests. */
const DETECTED_AT_ONCE = 100;

/** A contract that was just found on the chain. */
export interface NewContract<Row> {
  readonly startBlock: number;
  /** Adds it to the database. */
  insert(db: ClientBase): Promise<Row>;
}

/** Contracts that were looked up. */
export interface Opening<T> {
  /** Of the first one; infinite where there is none. */
  readonly firstBlock: number;
  /**
   * Adds to the database what was found on the chain, and asks no node. To be called while nobody
   * else gives out numbers (`exclusively` of the processor's connections).
   */
  write(db: ClientBase): Promise<T>;
}

/** How config and database are brought together for one kind of contract. */
export interface Reconciliation<
  Config extends { readonly address: Address },
  Row extends { readonly startBlock: number },
> {
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
  /** Whether a contract that cannot be read is left out instead. */
  refuses?(address: Address, error: unknown): boolean;
}

/**
 * Makes the configured contracts of one kind ready to index: known ones are taken from the
 * database, new ones from the chain, many at once. Rows are in the order of the config, without those
 * that are refused.
 *
 * @throws ImoError `<KIND>_MISSING_IN_CONFIG` or `<KIND>_ADDED_LATE` if config and database
 *   do not fit, which a plan prevents, and what `assertUnchanged` and `detect` throw.
 */
export async function reconcile<
  Config extends { readonly address: Address },
  Row extends { readonly startBlock: number },
>(reconciliation: Reconciliation<Config, Row>): Promise<Opening<Row[]>> {
  const { configured, known, indexedTo } = reconciliation;
  const wanted = new Set(configured.map(({ address }) => address));
  const dropped = known.find(({ address }) => !wanted.has(address));
  if (dropped !== undefined) throw missingInConfig(reconciliation, dropped.address);

  const rows = new Map(known.map((row) => [row.address, row]));
  const looked = await inTurns(configured, DETECTED_AT_ONCE, async (config) => {
    const row = rows.get(config.address);
    if (row !== undefined) {
      reconciliation.assertUnchanged?.(row, config);
      return { startBlock: row.startBlock, insert: () => Promise.resolve<Row>(row) };
    }
    const contract = await detected(reconciliation, config);
    if (contract === null) return null;
    if (indexedTo !== null && indexedTo >= contract.startBlock) {
      throw addedLate(reconciliation, config.address, contract.startBlock, indexedTo);
    }
    return contract;
  });
  const found = looked.filter((contract) => contract !== null);
  return {
    firstBlock: Math.min(...found.map(({ startBlock }) => startBlock)),
    async write(db) {
      const rows: Row[] = [];
      for (const contract of found) rows.push(await contract.insert(db));
      return rows;
    },
  };
}

async function detected<
  Config extends { readonly address: Address },
  Row extends { readonly startBlock: number },
>(reconciliation: Reconciliation<Config, Row>, config: Config): Promise<NewContract<Row> | null> {
  try {
    return await reconciliation.detect(config);
  } catch (error) {
    if (reconciliation.refuses?.(config.address, error)) return null;
    throw error;
  }
}

interface Subject {
  readonly kind: string;
  readonly chain: ChainConfig;
}

function missingInConfig({ kind, chain }: Subject, address: Address): ImoError {
  return new ImoError(
    `${kind.toUpperCase()}_MISSING_IN_CONFIG`,
    `the database has ${kind} ${checksummed(address)} on chain ${chain.id}, the config has not`,
    'Put it back, or index into another database: its figures would silently stop moving.',
  );
}

function addedLate(
  { kind, chain }: Subject,
  address: Address,
  startBlock: number,
  indexedTo: number,
): ImoError {
  return new ImoError(
    `${kind.toUpperCase()}_ADDED_LATE`,
    `${kind} ${checksummed(address)} starts in block ${startBlock}, chain ${chain.id} is indexed to ${indexedTo} already`,
    `Index into a new database with every ${kind} in the config.`,
  );
}
