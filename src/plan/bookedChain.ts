import type { Address } from '../address.js';
import type { PoolConfig } from '../config/pools/pools.js';
import type { SaleConfig } from '../config/sales/sales.js';
import type { ChainConfig } from '../config/types.js';
import { joiningKey } from '../store/booksKey.js';
import type { JoiningContract } from '../store/joining/joiningBooks.js';
import type { DepositPoolRecord } from '../store/read/pools/depositPools.js';
import type { SaleRecord } from '../store/read/sales/sales.js';
import type { JsonObject } from './canonical.js';
import type { EntryChange } from './changes.js';
import type { Registry } from './examine.js';
import type { Plan } from './plan.js';

/**
 * The config of the live books while others join: what it was when they were booked. Prices are those of the
 * new config, because no history of a contract depends on them.
 *
 * @param sales of the live books: the database has all terms of them, and of the pools
 */
export function bookedChain(
  chain: ChainConfig,
  { changes }: Plan,
  { sales, pools }: Pick<Registry, 'sales' | 'pools'>,
): ChainConfig {
  const changed = (list: EntryChange['list']) =>
    changes.entries.filter((change) => change.list === list);
  return {
    ...chain,
    tokens: asBooked(chain.tokens, changed('tokens'), bookedToken),
    labels: asBooked(chain.labels, changed('labels'), bookedLabel),
    collections: asBooked(chain.collections, changed('collections'), bookedContract),
    oracles: asBooked(chain.oracles, changed('oracles'), bookedContract),
    sales: asBooked(chain.sales, changed('sales'), (before) => bookedSale(before, sales)),
    lookThrough: asBooked(chain.lookThrough ?? [], changed('lookThrough'), (before) =>
      bookedPool(before, pools),
    ),
  };
}

/** The part of a config whose books are to join: only these contracts, under the key of joining books. */
export function joiningChain(
  chain: ChainConfig,
  contracts: readonly JoiningContract[],
): ChainConfig {
  const joins = new Set(contracts.map(({ kind, address }) => `${kind} ${address}`));
  const of =
    (kind: JoiningContract['kind']) =>
    ({ address }: { readonly address: Address }) =>
      joins.has(`${kind} ${address}`);
  return {
    ...chain,
    id: joiningKey(chain.id),
    tokens: chain.tokens.filter(of('token')),
    collections: chain.collections.filter(of('collection')),
    oracles: chain.oracles.filter(of('oracle')),
    sales: chain.sales.filter(of('sale')),
    prices: [],
    factories: [],
    lookThrough: (chain.lookThrough ?? []).filter(of('pool')),
  };
}

function asBooked<Entry extends { readonly address: Address }>(
  wanted: readonly Entry[],
  changes: readonly EntryChange[],
  booked: (before: JsonObject) => Entry,
): Entry[] {
  const changed = new Set(changes.map(({ key }) => key));
  const before = changes.flatMap((change) => (change.before === null ? [] : [change.before]));
  return [...wanted.filter(({ address }) => !changed.has(address)), ...before.map(booked)];
}

const addressOf = ({ address }: JsonObject) => String(address) as Address;
const startOf = ({ startBlock }: JsonObject) =>
  typeof startBlock === 'number' ? startBlock : null;
const labelOf = ({ label }: JsonObject) => (typeof label === 'string' ? label : null);

/** Its policy is that of its row. */
function bookedToken(before: JsonObject): ChainConfig['tokens'][number] {
  const assets = Array.isArray(before.assets) ? before.assets : [];
  return {
    address: addressOf(before),
    policy: 'auto',
    startBlock: startOf(before),
    assets: assets.map((asset) => String(asset) as Address),
  };
}

function bookedLabel(before: JsonObject): ChainConfig['labels'][number] {
  return { address: addressOf(before), name: String(before.name) };
}

function bookedContract(before: JsonObject): ChainConfig['oracles'][number] {
  return { address: addressOf(before), startBlock: startOf(before), label: labelOf(before) };
}

function bookedSale(before: JsonObject, sales: readonly SaleRecord[]): SaleConfig {
  const address = addressOf(before);
  const known = sales.find((sale) => sale.address === address);
  if (known === undefined) throw new RangeError(`no sale ${address} is indexed`);
  return {
    address,
    kind: known.kind as SaleConfig['kind'],
    token: known.token,
    raiseAsset: known.raiseAsset ?? 'native',
    startBlock: known.startBlock,
    label: known.label,
    custom: known.mapping === null ? null : (JSON.parse(known.mapping) as SaleConfig['custom']),
  };
}

function bookedPool(before: JsonObject, pools: readonly DepositPoolRecord[]): PoolConfig {
  const address = addressOf(before);
  const known = pools.find((pool) => pool.address === address);
  if (known === undefined) throw new RangeError(`no pool ${address} is indexed`);
  return {
    address,
    kind: known.kind as PoolConfig['kind'],
    token: known.holds,
    startBlock: known.startBlock,
    label: known.label,
    custom: known.kind === 'custom' ? (JSON.parse(known.mapping) as PoolConfig['custom']) : null,
  };
}
