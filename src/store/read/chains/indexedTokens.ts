import type { Address } from '../../../address.js';
import type { DetachedBooks } from '../../partitions/detached.js';
import { noteCluster } from '../query/cluster.js';
import type { Queryable } from '../query/queryable.js';
import { REVISION } from '../query/revision.js';
import { readRows } from '../query/statement.js';
import { decodeToken, type ReadToken, TOKEN_COLUMNS, type TokenRecord } from '../tokens/tokens.js';
import { TERMS_OF_TOKEN } from '../tokens/tokenTerms.js';
import { type ChainHead, type ChainHeadRow, decodeChainHead } from './chainHeads.js';
import { heldBlockSql } from './heldBlock.js';

/** How far each chain is indexed, and the tokens that were indexed then. */
export interface IndexedTokens {
  /** By chain id, as `readChainHeads` has them. */
  readonly heads: ReadonlyMap<number, ChainHead>;
  /** All of them, as `readTokens` has them. */
  readonly tokens: readonly TokenRecord[];
  /** Tokens with untraced money (no call frame shows it) in blocks that are not final. */
  readonly provisional: readonly ProvisionalToken[];
  /** The chains of which pools are looked through. */
  readonly pooledChains: ReadonlySet<number>;
  /** Tokens that no answer has until they are attached. */
  readonly detached: readonly DetachedBooks[];
  /** The state of the database that all of it is of; `null`: it does not tell. */
  readonly revision: string | null;
}

/** A token whose figures from a block on may still be corrected. */
export interface ProvisionalToken {
  readonly tokenNumber: number;
  /** The first block with such money. */
  readonly fromBlock: number;
}

/**
 * The heads of the chains, and the books with untraced money above the final block of a chain. Nobody knows which, so all
 * of them are asked: all nodes of a cluster about the same heads.
 */
const UNTRACED = `heads AS MATERIALIZED (
    SELECT chain_id, height, hash, "timestamp", finalized_height, finalized_hash
    FROM chain_cursor WHERE height >= 0 AND chain_id > 0),
  untraced AS MATERIALIZED (
    SELECT c.chain_id, r.token_number, min(r.block_number) AS block
    FROM heads c JOIN receipt r ON r.kind = 'untraced' AND r.block_number > c.finalized_height
      AND r.block_number <= c.height
    GROUP BY c.chain_id, r.token_number)`;

/** Numbers of tokens, each with its first block above the final one of the chain `h` that has untraced money. */
const PROVISIONAL = `(SELECT json_agg(json_build_array(b.number, b.block))
  FROM (SELECT coalesce(a.token_number, u.token_number) AS number, min(u.block) AS block
    FROM untraced u LEFT JOIN revenue_asset a ON a.number = u.token_number
    WHERE u.chain_id = h.chain_id GROUP BY 1) b
  JOIN token o ON o.number = b.number AND o.chain_id = h.chain_id)`;

/** The detached tokens of the chain `h`, each with its address and the milliseconds since 1970. */
const DETACHED = `(SELECT json_agg(json_build_array('0x' || encode(d.address, 'hex'),
    floor(extract(epoch FROM d.detached_at) * 1000)) ORDER BY d.number)
  FROM detached_token d WHERE d.chain_id = h.chain_id)`;

/** Either a chain or a token; the fields of the other are null. */
type Row = {
  readonly [Field in keyof ChainHeadRow as `head_${Field}`]: ChainHeadRow[Field] | null;
} & {
  readonly [Field in keyof ReadToken]: ReadToken[Field] | null;
} & {
  readonly head_provisional: readonly (readonly [number, number])[] | null;
  readonly head_detached: readonly (readonly [Address, number])[] | null;
  readonly head_has_pools: boolean;
  readonly revision: string | null;
  readonly is_cluster: boolean;
};

/**
 * Reads what nearly every answer needs, in one statement: two would cost as much as the rest of a
 * small answer.
 *
 * @throws LedgerError `LEDGER_UNKNOWN_POLICY` for a token that a newer program indexed
 */
export async function readIndexedTokens(db: Queryable): Promise<IndexedTokens> {
  const rows = await readRows<Row>(
    db,
    'indexed_tokens',
    `WITH ${UNTRACED}
     SELECT h.chain_id AS head_chain_id, h.height AS head_height, h.hash AS head_hash,
       h."timestamp" AS head_timestamp, h.finalized_height AS head_finalized_height,
       h.finalized_hash AS head_finalized_hash,
       CASE WHEN h.chain_id IS NOT NULL THEN ${PROVISIONAL} END AS head_provisional,
       CASE WHEN h.chain_id IS NOT NULL THEN ${DETACHED} END AS head_detached,
       EXISTS (SELECT FROM deposit_pool d WHERE d.chain_id = h.chain_id) AS head_has_pools,
       ${TOKEN_COLUMNS}, CASE WHEN t.number IS NOT NULL THEN ${TERMS_OF_TOKEN} END AS terms,
       ${heldBlockSql('t')} AS held_block, ${REVISION} AS revision,
       to_regclass('pg_dist_partition') IS NOT NULL AS is_cluster
     FROM heads h
     FULL JOIN (SELECT * FROM token WHERE chain_id > 0) t ON false
     ORDER BY head_chain_id, t.number`,
    [],
  );
  const [first] = rows;
  if (first !== undefined) noteCluster(first.is_cluster);
  const heads = new Map<number, ChainHead>();
  const tokens: TokenRecord[] = [];
  const provisional: ProvisionalToken[] = [];
  const detached: DetachedBooks[] = [];
  const pooledChains = new Set<number>();
  for (const row of rows) {
    if (row.head_chain_id === null) tokens.push(decodeToken(row as ReadToken));
    else heads.set(row.head_chain_id, decodeChainHead(headOf(row)));
    if (row.head_chain_id !== null && row.head_has_pools) pooledChains.add(row.head_chain_id);
    for (const [address, at] of row.head_detached ?? []) {
      detached.push({ chainId: Number(row.head_chain_id), address, detachedAt: new Date(at) });
    }
    for (const [tokenNumber, fromBlock] of row.head_provisional ?? []) {
      provisional.push({ tokenNumber, fromBlock });
    }
  }
  return {
    heads,
    tokens,
    provisional,
    detached,
    pooledChains,
    revision: rows[0]?.revision ?? null,
  };
}

function headOf(row: Row): ChainHeadRow {
  return {
    chain_id: row.head_chain_id,
    height: row.head_height,
    hash: row.head_hash,
    timestamp: row.head_timestamp,
    finalized_height: row.head_finalized_height,
    finalized_hash: row.head_finalized_hash,
  } as ChainHeadRow;
}
