import type { Address } from '../../address.js';
import { ImoError } from '../../errors.js';
import { LedgerError } from '../../ledger/errors.js';
import { databaseFault } from '../../store/database/databaseFault.js';
import type { ContractKind } from '../../store/read/tokens/holds.js';
import { isChainTrouble } from '../reorgs/chainTrouble.js';

/** A contract with books. */
export interface BookedContract {
  readonly kind: ContractKind;
  readonly address: Address;
}

/**
 * The books of one contract cannot continue at a block. Code, message and hint are those of the
 * error that says why. The other contracts are not affected.
 */
export class ContractTroubleError extends ImoError {
  constructor(
    readonly contract: BookedContract,
    /** The block that could not be booked. */
    readonly block: number,
    /** The newest block at whose end the books are known to be right. */
    readonly lastBlock: number,
    cause: ImoError | LedgerError,
  ) {
    super(cause.code, cause.message, cause.hint, { cause });
  }
}

/**
 * A run to a block is over, and the books of a contract ended before it. All other contracts are
 * committed up to the block.
 */
export class HeldContractError extends ImoError {}

/** A block that ended the books of a contract is final now: read it again. */
export class HoldDueError extends Error {
  override readonly name = 'HoldDueError';
}

/** The books of a held token are wrong before their end. */
export class HoldWrongError extends Error {
  override readonly name = 'HoldWrongError';
}

/**
 * Runs work on one contract in one block.
 *
 * @param lastBlock the newest block at whose end the books are known to be right
 * @throws ContractTroubleError as `troubleOf` makes it
 */
export async function ofContract<T>(
  contract: BookedContract,
  block: number,
  work: () => Promise<T> | T,
  lastBlock = block - 1,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw troubleOf(error, contract, block, lastBlock);
  }
}

/**
 * What to throw where work on one contract in one block failed: the trouble of this contract, or
 * the error as it is where the node or the database failed.
 */
export function troubleOf(
  error: unknown,
  contract: BookedContract,
  block: number,
  lastBlock = block - 1,
): unknown {
  if (error instanceof ContractTroubleError) return error;
  if (!(error instanceof ImoError) && !(error instanceof LedgerError)) return error;
  if (isChainTrouble(error) || isAboutDatabase(error)) return error;
  return new ContractTroubleError(contract, block, lastBlock, error);
}

function isAboutDatabase(error: ImoError | LedgerError): boolean {
  return error.code.startsWith('DATABASE_') || databaseFault(error) !== null;
}
