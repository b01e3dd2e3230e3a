import type { Address } from '../../address.js';
import { sampleHolderAccounts } from '../../store/read/holders/holderAccounts.js';
import type { Queryable } from '../../store/read/query/queryable.js';
import type { TokenAsOf } from '../../store/read/tokens/poolVersions.js';

/** The random holders of a token, drawn once for all its pages: a draw reads every holder. */
export class DrawnHolders {
  private last: { readonly name: string; readonly accounts: Promise<Address[]> } | null = null;

  constructor(
    private readonly db: Queryable,
    private readonly size: number,
  ) {}

  /** In the order of their addresses; the same for the same seed. */
  read(asOf: TokenAsOf, seed: string): Promise<Address[]> {
    const name = `${asOf.tokenNumber} ${asOf.block} ${seed}`;
    if (this.last?.name !== name) {
      this.last = { name, accounts: sampleHolderAccounts(this.db, asOf, seed, this.size) };
    }
    return this.last.accounts;
  }
}
