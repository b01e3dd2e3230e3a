import { type Address, checksummed } from '../address.js';
import type { ChainNode } from '../chain/node.js';
import type { SaleAdapter, SaleContract } from '../chain/sales/adapter.js';
import { saleAdapter } from '../chain/sales/registry.js';
import { detectSale } from '../chain/sales/terms.js';
import type { SaleConfig } from '../config/sales.js';
import type { ChainConfig } from '../config/types.js';
import { ImoError } from '../errors.js';
import type { SaleTerms } from '../ledger/sale.js';
import { readCursor } from '../store/cursor.js';
import type { Queryable } from '../store/read/queryable.js';
import { readSales, type SaleRecord } from '../store/read/sales.js';
import { insertSale } from '../store/sales.js';
import type { SqlClient } from '../store/sqlClient.js';

/** A sale that is being indexed. */
export interface IndexedSale {
  readonly number: number;
  readonly contract: SaleContract;
  readonly terms: SaleTerms;
  /** Unix seconds from which on no deposit is taken; `null`: not known, or no such rule. */
  readonly endsAt: bigint | null;
  readonly startBlock: number;
  readonly adapter: SaleAdapter;
}

/**
 * Makes the configured sales ready to index: known ones are read from the database, new
 * ones from the chain.
 *
 * @throws ImoError `SALE_MISSING_IN_CONFIG`, `SALE_CHANGED` or `SALE_ADDED_LATE` if config
 *   and database do not fit, and what `detectSale` throws.
 */
export async function openSales(
  db: SqlClient & Queryable,
  node: ChainNode,
  chain: ChainConfig,
): Promise<IndexedSale[]> {
  const known = new Map<Address, SaleRecord>();
  for (const row of await readSales(db, { chainId: chain.id })) known.set(row.address, row);
  const wanted = new Set(chain.sales.map(({ address }) => address));
  for (const address of known.keys()) {
    if (!wanted.has(address)) throw missingInConfig(chain, address);
  }
  const sales: IndexedSale[] = [];
  for (const config of chain.sales) {
    const row = known.get(config.address);
    if (row !== undefined) assertUnchanged(row, config);
    sales.push(indexed(config, row ?? (await addSale(db, node, chain, config))));
  }
  return sales;
}

type Described = Omit<IndexedSale, 'contract' | 'adapter'> & Pick<SaleRecord, 'raiseAsset'>;

function indexed(config: SaleConfig, described: Described): IndexedSale {
  const { number, terms, endsAt, startBlock, raiseAsset } = described;
  const contract = { address: config.address, token: config.token, raiseAsset };
  const adapter = saleAdapter(config.kind, contract, config.custom ?? undefined);
  return { number, contract, terms, endsAt, startBlock, adapter };
}

async function addSale(
  db: SqlClient & Queryable,
  node: ChainNode,
  chain: ChainConfig,
  config: SaleConfig,
): Promise<Described> {
  const detected = await detectSale(node, config, chain.startBlock);
  const cursor = await readCursor(db, chain.id);
  if (cursor !== null && cursor.head.height >= detected.startBlock) {
    throw new ImoError(
      'SALE_ADDED_LATE',
      `sale ${checksummed(config.address)} starts in block ${detected.startBlock}, chain ${chain.id} is indexed to ${cursor.head.height} already`,
      'Index into a new database with all sales in the config.',
    );
  }
  const { terms } = detected;
  const number = await insertSale(db, chain.id, {
    ...detected,
    address: config.address,
    kind: config.kind,
    label: config.label,
    token: config.token,
    target: terms?.target ?? null,
    tokensForSale: terms?.tokensForSale ?? null,
    mapping: mappingOf(config),
  });
  return { ...detected, number };
}

/** The mapping as it is kept, to notice when it changes. */
function mappingOf({ custom }: SaleConfig): string | null {
  return custom === null ? null : JSON.stringify(custom);
}

function assertUnchanged(row: SaleRecord, config: SaleConfig): void {
  const raiseAsset = row.raiseAsset ?? 'native';
  const changed = [
    ...(row.kind === config.kind ? [] : ['kind']),
    ...(row.token === config.token ? [] : ['token']),
    ...((config.raiseAsset ?? raiseAsset) === raiseAsset ? [] : ['raiseAsset']),
    ...(row.mapping === mappingOf(config) ? [] : ['mapping']),
  ];
  if (changed.length === 0) return;
  throw new ImoError(
    'SALE_CHANGED',
    `sale ${checksummed(row.address)} was indexed with another ${changed.join(' and ')} than the config says`,
    'Correct the config, or index into another database.',
  );
}

function missingInConfig(chain: ChainConfig, address: Address): ImoError {
  return new ImoError(
    'SALE_MISSING_IN_CONFIG',
    `the database has sale ${checksummed(address)} on chain ${chain.id}, the config has not`,
    'Put it back, or index into another database: its figures would silently stop moving.',
  );
}
