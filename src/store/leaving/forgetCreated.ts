import type { ClientBase } from 'pg';
import { type Address, addressBytes, addressFromBytes } from '../../address.js';
import type { KnownContract } from '../read/chains/indexedContracts.js';
import { rollbackContract } from '../write/rollback.js';
import { leaveBooks } from './leaveBooks.js';

interface Row {
  readonly address: Buffer;
  readonly kind: KnownContract['kind'];
  readonly number: number;
  /** With those of the assets of a token. */
  readonly numbers: number[];
  readonly start_block: number;
}

/**
 * Forgets contracts that a factory did not create after all, with what the registry has of them, inside the
 * caller's transaction. Bookings above `height` are rolled back before.
 *
 * @param height contracts that are older than that have rows left, which a cleaner deletes
 */
export async function forgetCreated(
  client: ClientBase,
  chainId: number,
  addresses: readonly Address[],
  height: number,
): Promise<void> {
  if (addresses.length === 0) return;
  const parameters = [chainId, addresses.map(addressBytes)];
  const ofAddress = 'chain_id = $1 AND address = ANY($2)';
  await client.query(`DELETE FROM factory_contract WHERE ${ofAddress}`, parameters);
  await client.query(`DELETE FROM contract_hold WHERE ${ofAddress}`, parameters);
  const { rows } = await client.query<Row>(
    `SELECT k.*, array_prepend(k.number,
         array(SELECT number FROM revenue_asset WHERE token_number = k.number)) AS numbers
       FROM (SELECT number, address, 'token' AS kind, start_block FROM token
             WHERE ${ofAddress} AND archived_block IS NULL
         UNION ALL SELECT number, address, kind, start_block FROM contract
             WHERE ${ofAddress} AND archived_block IS NULL) AS k ORDER BY k.number`,
    parameters,
  );
  const numbers = rows.map(({ number }) => number);
  for (const table of ['first_audit', 'audit_progress', 'audit_mismatch', 'account_reading']) {
    await client.query(`DELETE FROM ${table} WHERE token_number = ANY($1)`, [numbers]);
  }
  for (const { address, kind, numbers: all, start_block: startBlock } of rows) {
    if (startBlock > height) continue;
    await rollbackContract(client, chainId, all, startBlock - 1);
    await leaveBooks(client, chainId, [{ kind, address: addressFromBytes(address) }]);
  }
  await client.query('DELETE FROM revenue_asset WHERE token_number = ANY($1)', [numbers]);
  for (const table of ['collection', 'sale', 'contract', 'token']) {
    await client.query(`DELETE FROM ${table} WHERE number = ANY($1)`, [numbers]);
  }
}

/**
 * Forgets what factories created in blocks above `height` that are gone, and what they named before and is not
 * deployed now: it is looked up again when it is.
 */
export async function forgetCreatedAbove(
  client: ClientBase,
  chainId: number,
  height: number,
): Promise<void> {
  const { rows } = await client.query<{ address: Buffer }>(
    `SELECT address FROM factory_contract WHERE chain_id = $1 AND (block_number > $2 OR start_block > $2)`,
    [chainId, height],
  );
  const addresses = rows.map(({ address }) => addressFromBytes(address));
  await forgetCreated(client, chainId, addresses, height);
}
