import { LedgerError } from './errors.js';

/** Who owns a token that does not exist: never minted, or burned. */
export const NOBODY = '0x0000000000000000000000000000000000000000';

/** Totals of a collection since its deployment. */
export interface CollectionState {
  readonly minted: bigint;
  readonly burned: bigint;
  /** Came in with the calls that minted. */
  readonly paidWei: bigint;
  /** Of it, and of what else those calls moved: reached a revenue token inside them. */
  readonly revenueWei: bigint;
  /** Reached a revenue token beside the calls, paid by the contract that minted. */
  readonly besideRevenueWei: bigint;
}

export const EMPTY_COLLECTION: CollectionState = {
  minted: 0n,
  burned: 0n,
  paidWei: 0n,
  revenueWei: 0n,
  besideRevenueWei: 0n,
};

/** Tokens that exist. */
export function supplyOf({ minted, burned }: CollectionState): bigint {
  return minted - burned;
}

export interface TokenMove {
  readonly tokenId: bigint;
  readonly from: string;
  readonly to: string;
}

/**
 * Books that a token changed hands (ERC-721 `Transfer`, ERC-2309). Mints come from and burns
 * go to nobody.
 *
 * @param owner who owns the token before, by the books
 * @throws LedgerError `LEDGER_NOT_THE_OWNER` if somebody else gave it away.
 */
export function applyTokenMove(
  state: CollectionState,
  owner: string,
  { tokenId, from, to }: TokenMove,
): CollectionState {
  if (owner !== from) {
    throw new LedgerError(
      'LEDGER_NOT_THE_OWNER',
      `token ${tokenId} moves from ${from} to ${to}, but its owner is ${owner}`,
      'The collection does not log its transfers as ERC-721 says; its owners cannot be told.',
    );
  }
  if (from === NOBODY && to === NOBODY) return state;
  if (from === NOBODY) return { ...state, minted: state.minted + 1n };
  if (to === NOBODY) return { ...state, burned: state.burned + 1n };
  return state;
}

/** @param paidWei what came in with a call that minted */
export function applyMintPayment(state: CollectionState, paidWei: bigint): CollectionState {
  return { ...state, paidWei: state.paidWei + paidWei };
}

/** @param isInside inside the call that minted, or beside it */
export function applyMintRevenue(
  state: CollectionState,
  amountWei: bigint,
  isInside: boolean,
): CollectionState {
  return isInside
    ? { ...state, revenueWei: state.revenueWei + amountWei }
    : { ...state, besideRevenueWei: state.besideRevenueWei + amountWei };
}

/** How the content of a collection is proved (ERC-7007). */
export type ProofType = 'validity' | 'fraud';

/** `provisional`: a challenge can still change it. */
export type Finality = 'final' | 'provisional' | 'updated';

/**
 * What the ERC-165 answers of a collection say of its proofs: only content that is proved
 * by the absence of a challenge (opML) can be updated. `null`: it is no ERC-7007 contract.
 */
export function proofTypeOf(isErc7007: boolean, isUpdatable: boolean): ProofType | null {
  if (isUpdatable) return 'fraud';
  return isErc7007 ? 'validity' : null;
}

/**
 * Whether the content of a token can still change. A validity proof is checked at once; an
 * optimistic result is provisional as long as nobody has replaced it: no event says that a
 * challenge period has ended.
 */
export function finalityOf(proofType: ProofType | null, isUpdate: boolean): Finality | null {
  if (isUpdate) return 'updated';
  if (proofType === null) return null;
  return proofType === 'validity' ? 'final' : 'provisional';
}
