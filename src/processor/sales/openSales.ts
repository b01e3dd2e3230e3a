import type { Address } from '../../address.js';
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
import { insertSale } from '../../store/registry/sales.js';
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
  const described = await reconcile<SaleConfig, Described>({
    kind: 'sale',
    chain,
    configured: chain.sales,
    known: (await readSales(db, { chainId: chain.id })).filter(continues),
    indexedTo: (await readCursor(db, chain.id))?.head.height ?? null,
    refuses,
    async detect(config) {
      const detected = await detectSale(node, config, chain.startBlock);
      const { address, kind, label, token } = config;
      const { target = null, tokensForSale = null } = detected.terms ?? {};
      const mapping = mappingOf(config);
      const row = { ...detected, address, kind, label, token, target, tokensForSale, mapping };
      return {
        startBlock: detected.startBlock,
        insert: async (writer) => ({ ...row, number: await insertSale(writer, chain.id, row) }),
      };
    },
  });
  return {
    ...described,
    async write(writer) {
      const rows = new Map((await described.write(writer)).map((row) => [row.address, row]));
      return chain.sales.flatMap((config) => {
        const of = rows.get(config.address);
        return of === undefined ? [] : [indexed(config, of)];
      });
    },
  };
}

type Described = Omit<SaleRecord, 'chainId' | 'startsAt' | 'archivedBlock'>;

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
