import { type Address, checksummed } from '../address.js';
import { detectToken } from '../chain/detect.js';
import type { ChainNode } from '../chain/node.js';
import type { ChainConfig } from '../config/types.js';
import { ImoError } from '../errors.js';
import { readCursor } from '../store/cursor.js';
import { readTokens, type TokenRecord } from '../store/read/tokens.js';
import type { SqlClient } from '../store/sqlClient.js';
import { insertToken } from '../store/tokens.js';
import type { IndexedToken } from './tokenBook.js';

/**
 * Makes the configured tokens ready to index: known ones are read from the database, new
 * ones from the chain.
 *
 * @throws ImoError `TOKEN_MISSING_IN_CONFIG` or `TOKEN_ADDED_LATE` if config and database
 *   do not fit, and what `detectToken` throws.
 */
export async function openTokens(
  db: SqlClient,
  node: ChainNode,
  chain: ChainConfig,
): Promise<IndexedToken[]> {
  const known = new Map<Address, TokenRecord>();
  for (const row of await readTokens(db, { chainId: chain.id })) known.set(row.address, row);
  const wanted = new Set(chain.tokens.map((token) => token.address));
  for (const address of known.keys()) {
    if (!wanted.has(address)) throw missingInConfig(chain, address);
  }
  const cursor = await readCursor(db, chain.id);
  const tokens: IndexedToken[] = [];
  for (const config of chain.tokens) {
    const row = known.get(config.address);
    if (row !== undefined) {
      if (config.policy !== 'auto' && config.policy !== row.rules.policy.name) {
        throw policyChanged(row, config.policy);
      }
      tokens.push(row);
      continue;
    }
    const detected = await detectToken(node, config, chain.startBlock);
    if (cursor !== null && cursor.head.height >= detected.startBlock) {
      throw addedLate(chain, config.address, cursor.head.height, detected.startBlock);
    }
    const { policy, terms, ...metadata } = detected;
    const number = await insertToken(db, chain.id, { ...metadata, ...terms, policy: policy.name });
    tokens.push({
      number,
      address: config.address,
      startBlock: detected.startBlock,
      rules: { policy, terms },
    });
  }
  return tokens;
}

function missingInConfig(chain: ChainConfig, address: Address): ImoError {
  return new ImoError(
    'TOKEN_MISSING_IN_CONFIG',
    `the database has token ${checksummed(address)} on chain ${chain.id}, the config has not`,
    'Put it back, or index into another database: its figures would silently stop moving.',
  );
}

function addedLate(
  chain: ChainConfig,
  address: Address,
  height: number,
  startBlock: number,
): ImoError {
  return new ImoError(
    'TOKEN_ADDED_LATE',
    `token ${checksummed(address)} starts in block ${startBlock}, chain ${chain.id} is indexed to ${height} already`,
    'Index into a new database with all tokens in the config.',
  );
}

function policyChanged(row: TokenRecord, wanted: string): ImoError {
  return new ImoError(
    'TOKEN_POLICY_CHANGED',
    `token ${checksummed(row.address)} was indexed with policy ${row.rules.policy.name}, the config says ${wanted}`,
    'Correct the config, or index into another database.',
  );
}
