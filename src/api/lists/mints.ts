import type { Address } from '../../address.js';
import type { AsOf } from '../../store/read/chains/asOf.js';
import type { CollectionRecord } from '../../store/read/collections/collections.js';
import {
  MINT_COLUMNS,
  MINTS,
  type Mint,
  type MintValues,
} from '../../store/read/collections/mints.js';
import { type CollectionNode, collectionNode } from '../objects/collections/collection.js';
import type { ApiContext } from '../request/context.js';
import { collectionsOf } from './collections.js';

interface OwnerValues {
  readonly collection: Address;
}

/** What mints can be narrowed by. */
export type MintFields = MintValues & OwnerValues;

/** A mint, with its collection and the moment its list was read as of. */
export interface MintNode extends Mint {
  readonly collection: CollectionNode;
  readonly asOf: AsOf;
}

/** The calls that minted tokens of ERC-7007 collections. */
export const MINT_SET = {
  kind: MINTS,
  columns: MINT_COLUMNS,
  ownerFields: { collection: ({ address }: CollectionRecord) => address },
  indexed: [],

  async ownersOf(
    context: ApiContext,
    chains: ReadonlyMap<number, AsOf>,
    { collection }: { readonly collection?: Address | null },
  ): Promise<CollectionRecord[]> {
    const started = await collectionsOf(context, chains, collection ?? null);
    return started.map(({ record }) => record);
  },

  toNode: (row: Mint, record: CollectionRecord, asOf: AsOf): MintNode => ({
    ...row,
    collection: collectionNode(record, asOf),
    asOf,
  }),
} as const;
