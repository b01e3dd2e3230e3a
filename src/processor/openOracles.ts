import { type Address, checksummed } from '../address.js';
import { firstBlock } from '../chain/deployment.js';
import type { ChainNode } from '../chain/node.js';
import type { OracleConfig } from '../config/oracles.js';
import type { ChainConfig } from '../config/types.js';
import { ImoError } from '../errors.js';
import { type IndexedContract, insertContract, readContracts } from '../store/contracts.js';
import { readCursor } from '../store/cursor.js';
import type { SqlClient } from '../store/sqlClient.js';

/**
 * Makes the configured oracles ready to index: known ones are read from the database, new
 * ones are looked for on the chain. An oracle may start in mid-life.
 *
 * @throws ImoError `ORACLE_NOT_A_CONTRACT`, or `ORACLE_MISSING_IN_CONFIG` or
 *   `ORACLE_ADDED_LATE` if config and database do not fit.
 */
export async function openOracles(
  db: SqlClient,
  node: ChainNode,
  chain: ChainConfig,
): Promise<IndexedContract[]> {
  const known = new Map<Address, IndexedContract>();
  for (const row of await readContracts(db, chain.id, 'oracle')) known.set(row.address, row);
  const wanted = new Set(chain.oracles.map(({ address }) => address));
  for (const address of known.keys()) {
    if (!wanted.has(address)) throw missingInConfig(chain, address);
  }
  const cursor = await readCursor(db, chain.id);
  const oracles: IndexedContract[] = [];
  for (const config of chain.oracles) {
    const row = known.get(config.address);
    if (row !== undefined) {
      oracles.push(row);
      continue;
    }
    const startBlock = await startOf(node, config, chain);
    if (cursor !== null && cursor.head.height >= startBlock) {
      throw addedLate(chain, config.address, cursor.head.height, startBlock);
    }
    const { address, label } = config;
    const contract = { address, label, startBlock, kind: 'oracle' } as const;
    oracles.push({ ...contract, number: await insertContract(db, chain.id, contract) });
  }
  return oracles;
}

/** Where the config says, else the block of the deployment, found by bisection. */
async function startOf(
  node: ChainNode,
  { address, startBlock }: OracleConfig,
  chain: ChainConfig,
): Promise<number> {
  const head = await node.headNumber();
  const hasCode = async (block: number) => (await node.code(address, block)) !== '0x';
  if (!(await hasCode(head))) {
    throw new ImoError(
      'ORACLE_NOT_A_CONTRACT',
      `there is no contract at ${checksummed(address)} (block ${head}, ${node.displayUrl})`,
      'Check the address and the chain of this oracle in the config.',
    );
  }
  return startBlock ?? chain.startBlock ?? firstBlock(hasCode, 0, head);
}

function missingInConfig(chain: ChainConfig, address: Address): ImoError {
  return new ImoError(
    'ORACLE_MISSING_IN_CONFIG',
    `the database has oracle ${checksummed(address)} on chain ${chain.id}, the config has not`,
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
    'ORACLE_ADDED_LATE',
    `oracle ${checksummed(address)} starts in block ${startBlock}, chain ${chain.id} is indexed to ${height} already`,
    `Say startBlock: ${height + 1} to begin in mid-life, with terms and accrued revenue read from the oracle, or index into a new database.`,
  );
}
