import type { AsOf } from '../../../store/read/chains/asOf.js';
import type { Where } from '../../../store/read/query/where.js';
import type { ApiContext } from '../../request/context.js';
import type { AskedIds } from './askedIds.js';
import type { FieldKind } from './fieldKinds.js';
import type { OperationOwner } from './operationSet.js';

/** A field of the contract that a row belongs to. */
export interface OwnerField<Owner> {
  readonly kind: FieldKind<string>;
  readonly text: string;
  of(owner: Owner): string | null;
}

/** The contracts that the rows of a list belong to. */
export interface Owners<
  Owner extends OperationOwner,
  OwnerFilter extends object,
  OwnerName extends string,
> {
  readonly fields: Readonly<Record<OwnerName, OwnerField<Owner>>>;
  /**
   * Returns the contracts of the chains that pass the filter.
   *
   * @param where what costs a read of its own is read only if conditions ask for it
   */
  ownersOf(
    context: ApiContext,
    chains: ReadonlyMap<number, AsOf>,
    filter: OwnerFilter,
    where?: Where<object> | null,
  ): Promise<readonly Owner[]>;
  /** Rejects ids in filter and conditions that do not exist: they would select nothing. */
  assertKnownIds?(context: ApiContext, question: AskedIds, owners: readonly Owner[]): Promise<void>;
}
