import {
  type ContractStep,
  type FinalBlock,
  readContractState,
  readContractSteps,
  readContractStepsSince,
  type TokenOfChain,
} from '../../store/read/accounts/contractSteps.js';
import type { Queryable } from '../../store/read/query/queryable.js';

/** What is known of a token up to a final block. */
interface Known {
  /** Of which contracts. */
  readonly contracts: string;
  readonly final: FinalBlock;
  readonly steps: readonly ContractStep[];
}

const TOKENS_AT_MOST = 32;
/** With more transfers since the block up to which steps are known, they are read again. */
const TRANSFERS_AT_MOST = 2_000;

/**
 * Counts the contracts among the holders of a token. It keeps when they began and ceased to hold, up to a final
 * block: every series shares that. It is read again when other accounts are contracts, and when a reorg replaced
 * that block.
 */
export class ContractCounts {
  private readonly known = new Map<number, Known>();

  /** How many accounts that are contracts now held the token at the end of each block; they ascend. */
  async count(db: Queryable, token: TokenOfChain, blocks: readonly number[]): Promise<number[]> {
    const steps = await this.steps(db, token, blocks.at(-1) ?? -1);
    let [next, count] = [0, 0];
    return blocks.map((block) => {
      for (; (steps[next]?.block ?? block + 1) <= block; next++) count += steps[next]?.change ?? 0;
      return count;
    });
  }

  private async steps(
    db: Queryable,
    token: TokenOfChain,
    upTo: number,
  ): Promise<readonly ContractStep[]> {
    const known = await this.upToFinal(db, token, upTo);
    if (known === null) return (await readContractSteps(db, token, upTo)).steps;
    const { final, contracts, steps } = known;
    if (upTo <= final.number) return steps;
    const since = await readContractStepsSince(db, token, final.number, upTo);
    if (since.contracts === contracts) return [...steps, ...since.steps];
    // The code of an account was read between the two statements: one statement knows it everywhere.
    return (await readContractSteps(db, token, upTo)).steps;
  }

  /** `null`: no block is final, or too much happened since. */
  private async upToFinal(db: Queryable, token: TokenOfChain, upTo: number): Promise<Known | null> {
    const { tokenNumber } = token;
    const known = this.known.get(tokenNumber) ?? null;
    const state = await stateOf(db, token, known, upTo);
    if (state === null) return null;
    const isKnown = known !== null && state.hasKnown && state.contracts === known.contracts;
    if (isKnown && state.transfersSince < TRANSFERS_AT_MOST) return this.keep(tokenNumber, known);
    const { final } = state;
    if (final === null) return null;
    const { contracts, steps } = await readContractSteps(db, token, final.number);
    const read = this.keep(tokenNumber, { contracts, final, steps });
    const now = await stateOf(db, token, read, upTo);
    const isUsable = now?.hasKnown === true && now.transfersSince < TRANSFERS_AT_MOST;
    return isUsable && now.contracts === contracts ? read : null;
  }

  private keep(tokenNumber: number, known: Known): Known {
    // A map keeps the order of insertion: the first entry is the one to forget.
    this.known.delete(tokenNumber);
    this.known.set(tokenNumber, known);
    for (const oldest of this.known.keys()) {
      if (this.known.size <= TOKENS_AT_MOST) break;
      this.known.delete(oldest);
    }
    return known;
  }
}

function stateOf(db: Queryable, token: TokenOfChain, known: Known | null, upTo: number) {
  return readContractState(db, token, known?.final ?? null, upTo, TRANSFERS_AT_MOST);
}
