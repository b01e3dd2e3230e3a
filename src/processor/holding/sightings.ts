import type { Address } from '../../address.js';

/** Troubles of one contract in a row, whatever they are, after which it is held. */
const TROUBLES_AT_MOST = 5;

/** A block in which the books of a contract could not continue, and why. */
export interface SeenTrouble {
  readonly address: Address;
  readonly block: number;
  readonly code: string;
}

/** What is known about a trouble by now. */
export interface Belief {
  /** Times in a row that the contract did not get beyond its block. */
  readonly sightings: number;
  /** The contract is to be held. */
  readonly isBelieved: boolean;
}

/**
 * Counts the troubles of each contract. One is believed when the same trouble was seen in as many
 * readings of its block as there are endpoints and ways to read, at least twice; or when others kept coming in its
 * place. Trouble of one contract takes nothing from the count of another.
 */
export class Sightings {
  private readonly last = new Map<Address, SeenTrouble & { count: number; same: number }>();

  /** @param wanted readings of the block, from each endpoint in each way */
  note({ address, block, code }: SeenTrouble, wanted: number): Belief {
    const known = this.last.get(address);
    // A later block shows that the one before was booked after all.
    const isStuck = known !== undefined && block <= known.block;
    const isSame = isStuck && block === known.block && code === known.code;
    const count = isStuck ? known.count + 1 : 1;
    const same = isSame ? known.same + 1 : 1;
    this.last.set(address, { address, block, code, count, same });
    const readings = Math.max(2, wanted);
    const isBelieved = same >= readings || count >= Math.max(TROUBLES_AT_MOST, readings + 1);
    return { sightings: count, isBelieved };
  }

  /** The contract is held. */
  forget(address: Address): void {
    this.last.delete(address);
  }
}
