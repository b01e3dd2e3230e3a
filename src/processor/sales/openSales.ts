import type { Address } from '../../address.js';
import { readSymbolAndDecimals } from '../../chain/contract/assets.js';
import type { ChainNode } from '../../chain/node.js';
import type { SaleAdapter, SaleContract } from '../../chain/sales/adapter.js';
import { saleAdapter } from '../../chain/sales/byKind.js';
import { detectSale } from '../../chain/sales/terms.js';
import type { SaleConfig } from '../../config/sales/sales.js';
import type { ChainConfig } from '../../config/types.js';
import type { SaleTerms } from '../../ledger/sales/sale.js';
import type { SqlClient } from '../../store/database/sqlClient.js';
import type { Queryable } from '../../store/read/query/queryable.js';
import { readSales, type SaleRecord } from '../../store/read/sales/sales.js';
import { continues } from '../../store/registry/continues.js';
import { insertSale, type RaiseUnits, writeRaiseUnits } from '../../store/registry/sales.js';
import { readCursor } from '../../store/write/cursor.js';
import { type Opening, reconcile } from '../desks/reconcile.js';

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
 * Makes the configured sales ready to index.
 *
 * @throws what `reconcile` and `detectSale` throw.
 */
export async function openSales(
  db: SqlClient & Queryable,
  node: ChainNode,
  chain: ChainConfig,
  refuses: (address: Address, error: unknown) => boolean,
): Promise<Opening<IndexedSale[]>> {
  const known = (await readSales(db, { chainId: chain.id })).filter(continues);
  const learned = await learnUnits(node, known);
  const described = await reconcile<SaleConfig, Described>({
    kind: 'sale',
    chain,
    configured: chain.sales,
    known,
    indexedTo: (await readCursor(db, chain.id))?.head.height ?? null,
    refuses,
    async detect(config) {
      const detected = await detectSale(node, config, chain.startBlock);
      const { address, kind, label, token } = config;
      const { target = null, tokensForSale = null } = detected.terms ?? {};
      const mapping = mappingOf(config);
      const units = await unitsOf(node, detected);
      const terms = { target, tokensForSale, mapping };
      const row = { ...detected, ...units, ...terms, address, kind, label, token };
      const { startBlock, terms: rule } = detected;
      return {
        startBlock,
        insert: async (writer) => {
          return { ...row, terms: rule, number: await insertSale(writer, chain.id, row) };
        },
      };
    },
  });
  return {
    ...described,
    async write(writer) {
      await writeRaiseUnits(writer, learned);
      const rows = new Map((await described.write(writer)).map((row) => [row.address, row]));
      return chain.sales.flatMap((config) => {
        const of = rows.get(config.address);
        return of === undefined ? [] : [indexed(config, of)];
      });
    },
  };
}

type Described = Omit<SaleRecord, 'chainId' | 'startsAt' | 'archivedBlock' | 'heldBlock'>;

/** What the raise asset says about its amounts at the deployment of the sale. */
async function unitsOf(
  node: ChainNode,
  { raiseAsset, startBlock }: Pick<SaleRecord, 'raiseAsset' | 'startBlock'>,
): Promise<RaiseUnits> {
  if (raiseAsset === null) return { raiseSymbol: null, raiseDecimals: null };
  const { symbol, decimals } = await readSymbolAndDecimals(node, raiseAsset, startBlock);
  return { raiseSymbol: symbol, raiseDecimals: decimals };
}

/** The same for sales that an older program added without asking. */
async function learnUnits(
  node: ChainNode,
  known: readonly SaleRecord[],
): Promise<ReadonlyMap<number, RaiseUnits>> {
  const learned = new Map<number, RaiseUnits>();
  for (const sale of known) {
    if (sale.raiseAsset === null || sale.raiseDecimals !== null) continue;
    learned.set(sale.number, await unitsOf(node, sale));
  }
  return learned;
}

function indexed(config: SaleConfig, described: Described): IndexedSale {
  const { number, terms, endsAt, startBlock, raiseAsset } = described;
  const contract = { address: config.address, token: config.token, raiseAsset };
  const adapter = saleAdapter(config.kind, contract, config.custom ?? undefined);
  return { number, contract, terms, endsAt, startBlock, adapter };
}

/** The mapping as it is kept, to notice when it changes. */
function mappingOf({ custom }: SaleConfig): string | null {
  return custom === null ? null : JSON.stringify(custom);
}
