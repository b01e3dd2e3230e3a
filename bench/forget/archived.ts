import type { Address } from '../../src/address.js';
import { connectClient } from '../../src/store/database/postgres.js';

/** The token that is forgotten. */
export const FORGOTTEN: Address = '0x00000000000000000000000000000000000000f0';
const NUMBER = 1000;
/** Few blocks: the node of the bench forgets old ones. */
const TRANSFERS_OF_A_BLOCK = 500;

/** The newest block with one of so many transfers. */
export function blocksOf(transfers: number): number {
  return 1 + Math.floor(transfers / TRANSFERS_OF_A_BLOCK);
}

/** Writes archived books with so many transfers: their checkpoints, holders, journal and kept blocks too. */
export async function fillArchived(url: string, chainId: number, transfers: number): Promise<void> {
  const client = await connectClient({ connectionString: url });
  const id = `'${NUMBER}-' || lpad(block::text, 10, '0') || '-' || lpad(position::text, 6, '0')`;
  const rows = `(SELECT i, 1 + i / ${TRANSFERS_OF_A_BLOCK} AS block, i % ${TRANSFERS_OF_A_BLOCK} AS position,
      now() AS at, decode(lpad(to_hex(i), 64, '0'), 'hex') AS hash,
      decode(lpad(to_hex(i::bigint * 7919 % 100003), 40, '0'), 'hex') AS payer,
      decode(lpad(to_hex(i::bigint * 104729 % 100003), 40, '0'), 'hex') AS payee
    FROM generate_series(1, ${transfers}) AS i) AS made`;
  try {
    await client.query(
      `INSERT INTO token (id, number, chain_id, address, policy, percent_claimable, start_block, archived_block)
       VALUES ('archived', $1, $2, decode(substr($3, 3), 'hex'), 'windowed', 80, 1, $4)`,
      [NUMBER, chainId, FORGOTTEN, blocksOf(transfers)],
    );
    const inserts = [
      `transfer (id, token_number, block_number, "timestamp", transaction_hash, transaction_index, position,
         log_index, "from", "to", amount)
       SELECT ${id}, ${NUMBER}, block, at, hash, 0, position, 0, payer, payee, i FROM ${rows}`,
      `balance_checkpoint (account, token_number, block_number, "interval", balance)
       SELECT payer, ${NUMBER}, block, 0, i FROM ${rows} UNION ALL
       SELECT payee, ${NUMBER}, block, 0, i FROM ${rows} ON CONFLICT DO NOTHING`,
      `holder (token_number, account, balance, claimed_wei, redeemed_wei)
       SELECT ${NUMBER}, payer, 1, 0, 0 FROM ${rows} ON CONFLICT DO NOTHING`,
      `journal_entry (id, token_number, block_number, "timestamp", transaction_hash, transaction_index, position,
         amount_wei, kind, asset)
       SELECT ${id}, ${NUMBER}, block, at, hash, 0, position, i, 'receipt', 'native' FROM ${rows}`,
      `posting (id, token_number, block_number, entry_id, asset, account, amount_wei, balance_wei)
       SELECT ${id} || '-0', ${NUMBER}, block, ${id}, 'native', 'new-revenue', i, i FROM ${rows}`,
      `block (id, chain_id, number, hash, "timestamp")
       SELECT '${chainId}-0' || lpad(block::text, 9, '0'), ${chainId}, block, decode(lpad(to_hex(block), 64, '0'), 'hex'), now() FROM ${rows}
       GROUP BY block ON CONFLICT DO NOTHING`,
    ];
    for (const insert of inserts) await client.query(`INSERT INTO ${insert}`);
    await client.query('ANALYZE');
  } finally {
    await client.end();
  }
}
