import type { SqlClient } from '../../database/sqlClient.js';
import type { SourceFinder, SourceProof } from '../../read/chains/sourceRanges.js';
import { writeSourceRange } from '../sourceRanges.js';

/** The weakest proof first: a range of all contracts is proven as well as the least proven of them. */
export const WEAKEST_FIRST = `CASE proof WHEN 'audit' THEN 0 WHEN 'balance' THEN 1 WHEN 'state' THEN 2 ELSE 3 END`;

/**
 * Notes for a chain how the blocks that its groups now have in common were found: each by the weakest proof of all
 * groups. Blocks outside of all ranges were read one by one, which is the best proof.
 */
export async function takeCommonRanges(
  db: SqlClient,
  chainId: number,
  keys: readonly number[],
  { after, upTo }: { readonly after: number; readonly upTo: number },
): Promise<void> {
  const { rows } = await db.query<{
    from_block: string;
    to_block: string;
    finder: SourceFinder;
    proof: SourceProof;
  }>(
    `WITH part AS (
       SELECT greatest(from_block, $2::bigint + 1) AS from_block, least(to_block, $3::bigint) AS to_block,
         finder, proof, chain_id
       FROM source_range WHERE chain_id = ANY($1) AND from_block <= $3 AND to_block > $2),
     edges AS (SELECT from_block AS at FROM part UNION SELECT to_block + 1 FROM part),
     pieces AS (SELECT at AS from_block, lead(at) OVER (ORDER BY at) - 1 AS to_block FROM edges)
     SELECT p.from_block, p.to_block, r.finder, r.proof
     FROM pieces p CROSS JOIN LATERAL (
       SELECT finder, proof FROM part
       WHERE from_block <= p.from_block AND to_block >= p.to_block
       ORDER BY ${WEAKEST_FIRST}, chain_id DESC LIMIT 1) r
     WHERE p.to_block IS NOT NULL ORDER BY p.from_block`,
    [keys, after, upTo],
  );
  for (const { from_block, to_block, finder, proof } of rows) {
    const range = { fromBlock: Number(from_block), toBlock: Number(to_block), finder, proof };
    await writeSourceRange(db, { chainId, ...range });
  }
}
