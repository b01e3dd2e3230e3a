import { type Address, addressFromBytes } from '../../address.js';
import { endOfBooks } from '../../books/archiveMark.js';
import type { Queryable } from '../../store/read/query/queryable.js';
import { readRows } from '../../store/read/query/statement.js';
import { readHolds } from '../../store/read/tokens/holds.js';
import { readRevenueAssets } from '../../store/read/tokens/revenueAssets.js';
import { readTokens } from '../../store/read/tokens/tokens.js';

/** Books with rows in the lake: of a contract, or of a token in one ERC-20. */
export interface LakeBook {
  readonly number: number;
  readonly kind: 'token' | 'oracle' | 'collection' | 'sale';
  readonly address: Address;
  readonly asset: Address | null;
  readonly startBlock: number;
  /** The block at whose end the books end, because they are held or archived; `null`: they continue. */
  readonly end: number | null;
}

interface ContractRow {
  readonly number: number;
  readonly kind: 'oracle' | 'collection' | 'sale';
  readonly address: Buffer;
  readonly start_block: number;
  readonly archived_block: number | null;
}

/** All books of a chain, archived ones too, in the order of their numbers. */
export async function readLakeBooks(db: Queryable, chainId: number): Promise<LakeBook[]> {
  const assets = await readRevenueAssets(db);
  const tokens = (await readTokens(db)).filter((token) => token.chainId === chainId);
  const ofTokens = tokens.flatMap((token): LakeBook[] => {
    const { number, address, startBlock } = token;
    const book = { number, kind: 'token', address, startBlock, end: endOfBooks(token) } as const;
    const shared = assets.filter(({ tokenNumber }) => tokenNumber === number);
    return [
      { ...book, asset: null },
      ...shared.map((one) => ({ ...book, number: one.number, asset: one.asset })),
    ];
  });
  const ofContracts = await readContractBooks(db, chainId);
  return [...ofTokens, ...ofContracts].toSorted((one, other) => one.number - other.number);
}

async function readContractBooks(db: Queryable, chainId: number): Promise<LakeBook[]> {
  const holds = await readHolds(db, null);
  const rows = await readRows<ContractRow>(
    db,
    'lake_contracts',
    `SELECT number, kind, address, start_block, archived_block FROM contract
     WHERE chain_id = $1 AND kind IN ('oracle', 'collection', 'sale') ORDER BY number`,
    [chainId],
  );
  return rows.map((row) => {
    const address = addressFromBytes(row.address);
    const held = holds.find(
      (hold) => hold.chainId === chainId && hold.address === address && hold.kind === row.kind,
    );
    const ends = { archivedBlock: row.archived_block, heldBlock: held?.lastBlock ?? null };
    return {
      number: row.number,
      kind: row.kind,
      address,
      asset: null,
      startBlock: row.start_block,
      end: endOfBooks(ends),
    };
  });
}
