import type { Address } from '../../address.js';
import type { Recognition } from '../../ledger/collection.js';
import type { SqlClient } from '../database/sqlClient.js';
import { type IndexedContract, insertContract } from './contracts.js';

/** A collection that is about to be indexed for the first time. */
export interface NewCollection {
  readonly address: Address;
  readonly label: string | null;
  readonly startBlock: number;
  readonly name: string | null;
  readonly symbol: string | null;
  readonly isErc7007: boolean;
  readonly isEnumerable: boolean;
  readonly isUpdatable: boolean;
  /** `null`: nothing shows that it is ERC-7007. */
  readonly recognisedBy: Recognition | null;
}

/** Adds a collection to the contracts. */
export async function insertCollection(
  db: SqlClient,
  chainId: number,
  { address, label, startBlock, ...facts }: NewCollection,
): Promise<IndexedContract> {
  const contract = { address, label, startBlock, kind: 'collection' } as const;
  const number = await insertContract(db, chainId, contract);
  await db.query(
    `INSERT INTO collection (number, name, symbol, is_erc7007, is_enumerable, is_updatable,
       recognised_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [
      number,
      facts.name,
      facts.symbol,
      facts.isErc7007,
      facts.isEnumerable,
      facts.isUpdatable,
      facts.recognisedBy,
    ],
  );
  return { ...contract, number };
}

/** Notes what the code of a collection without interface ids shows now. */
export async function noteBehaviour(
  db: SqlClient,
  number: number,
  { isErc7007, isUpdatable }: { readonly isErc7007: boolean; readonly isUpdatable: boolean },
): Promise<void> {
  await db.query('UPDATE collection SET recognised_by = $2, is_updatable = $3 WHERE number = $1', [
    number,
    isErc7007 ? 'behaviour' : null,
    isUpdatable,
  ]);
}
