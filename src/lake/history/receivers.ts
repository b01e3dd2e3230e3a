import { createHash } from 'node:crypto';
import { MODEL_RECEIVER } from '../../export/columns/modelReceiver.js';
import { hexText } from '../../export/columns/sqlText.js';
import type { Queryable } from '../../store/read/query/queryable.js';
import { readRows } from '../../store/read/query/statement.js';
import { readTokens } from '../../store/read/tokens/tokens.js';
import type { LakeBookState, LakeManifest } from '../lakeManifest.js';

/** SQL of the token of each row of an oracle, by table of the lake. */
const ROWS: Readonly<Record<string, string>> = {
  'oracle-requests': `SELECT t.address AS token FROM oracle_request o ${MODEL_RECEIVER}
    LEFT JOIN token t ON t.chain_id = $3 AND t.address = r.receiver
    WHERE o.contract_number = $1 AND o.block_number <= $2`,
  'model-payouts': `SELECT t.address AS token FROM model_payout o
    LEFT JOIN token t ON t.chain_id = $3 AND t.address = o.receiver
    WHERE o.contract_number = $1 AND o.block_number <= $2`,
};

/** A digest of the tokens of a chain: a row of an oracle names its token only if it is indexed. */
export async function tokensDigest(db: Queryable, chainId: number): Promise<string> {
  const addresses = (await readTokens(db))
    .filter((token) => token.chainId === chainId)
    .map(({ address }) => address);
  return createHash('sha256').update(addresses.toSorted().join('\n')).digest('hex');
}

/**
 * The tables in which the rows of an oracle name other tokens than in the lake. A token whose money came
 * before it was indexed is the reason: its rows had no token then.
 */
export async function tablesWithOtherTokens(
  db: Queryable,
  book: LakeBookState,
  manifest: LakeManifest,
): Promise<string[]> {
  const different = [];
  for (const [table, rows] of Object.entries(ROWS)) {
    const found = await readRows<{ token: string | null; rows: number }>(
      db,
      `lake_tokens_${table}`,
      `SELECT ${hexText('token')} AS token, count(*)::int AS rows FROM (${rows}) o GROUP BY 1`,
      [book.number, book.block, book.chainId],
    );
    const inLake = new Map<string | null, number>();
    for (const file of manifest.files) {
      const isOurs = file.chainId === book.chainId && file.book === book.number;
      if (!isOurs || file.table !== table) continue;
      inLake.set(file.token, (inLake.get(file.token) ?? 0) + file.rows);
    }
    const isSame =
      found.length === inLake.size && found.every(({ token, rows }) => inLake.get(token) === rows);
    if (!isSame) different.push(table);
  }
  return different;
}
