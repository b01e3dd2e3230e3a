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
  /** Reached a revenue token outside the calls, paid by the contract that minted. */
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
      'The collection does not log its transfers as ERC-721 requires, so its owners cannot be determined. Remove it from the config.',
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

/** @param isInside inside the call that minted, or outside it */
export function applyMintRevenue(
  state: CollectionState,
  amountWei: bigint,
  isInside: boolean,
): CollectionState {
  return isInside
    ? { ...state, revenueWei: state.revenueWei + amountWei }
    : { ...state, besideRevenueWei: state.besideRevenueWei + amountWei };
}

/** What shows that a contract is ERC-7007: the interface id that it reports, or what it does. */
export type Recognition = 'interface' | 'behaviour';

/** How the content of a collection is proved (ERC-7007). */
export type ProofType = 'validity' | 'fraud';

/** `provisional`: a challenge can still change it. */
export type Finality = 'final' | 'provisional' | 'updated';

/**
 * How a collection proves its contents, by its ERC-165 answers: only content that is proved
 * by the absence of a challenge (opML) can be updated. `null`: it is not an ERC-7007 contract.
 */
export function proofTypeOf(isErc7007: boolean, isUpdatable: boolean): ProofType | null {
  if (isUpdatable) return 'fraud';
  return isErc7007 ? 'validity' : null;
}

/**
 * Whether the content of a token can still change. A validity proof is checked at once, and what
 * `verify` did not accept is not proved; an optimistic result is provisional as long as nobody
 * has replaced it: no event says that a challenge period has ended.
 *
 * @returns `null` where the contract does not say how its contents are proved
 */
export function finalityOf(
  proofType: ProofType | null,
  isUpdate: boolean,
  verdict: ContentVerdict,
): Finality | null {
  if (isUpdate) return 'updated';
  if (proofType === 'fraud') return 'provisional';
  if (verdict === 'verified') return 'final';
  return proofType === 'validity' && verdict !== 'unproven' ? 'final' : null;
}

/**
 * Why a prompt belongs to a token, the strongest reason first: its keccak-256 is the token's id;
 * the contract's `prompt(id)` says it; an oracle that the collection itself asked wrote it; the
 * call that minted the token wrote it. `none`: anybody may have written it. `other`: the
 * contract's `prompt(id)` says another one.
 */
export const PROMPT_VERDICTS = ['id', 'view', 'oracle', 'mint', 'none', 'other'] as const;
export type PromptVerdict = (typeof PROMPT_VERDICTS)[number];

/**
 * How a content was confirmed, the strongest first: an oracle that the collection itself asked
 * wrote it; `verify` of the contract accepts its proof. `none`: there was nothing to ask.
 * `unproven`: `verify` does not accept it.
 */
export const CONTENT_VERDICTS = ['oracle', 'verified', 'none', 'unproven'] as const;
export type ContentVerdict = (typeof CONTENT_VERDICTS)[number];

/** What is known of a prompt and a content as they are written. */
export interface WriteFacts {
  readonly tokenId: bigint;
  /** keccak-256 of the prompt. */
  readonly promptHash: string;
  /** An oracle that the collection itself asked called it to write them. */
  readonly isOwnAnswer: boolean;
  /** The call that minted the token wrote them. */
  readonly isMintCall: boolean;
  /** `prompt(id)` at the end of the block is this prompt; `null`: it has no answer. */
  readonly matchesView: boolean | null;
  /** What `verify` says at the end of the block; `null`: it has no answer, or was not asked. */
  readonly isVerified: boolean | null;
}

/** By ERC-7007 the id of a token is the keccak-256 of its prompt. */
export function matchesId({ tokenId, promptHash }: Pick<WriteFacts, 'tokenId' | 'promptHash'>) {
  return BigInt(promptHash) === tokenId;
}

export function promptVerdictOf(facts: WriteFacts): PromptVerdict {
  if (matchesId(facts)) return 'id';
  if (facts.matchesView === true) return 'view';
  if (facts.matchesView === false) return 'other';
  if (facts.isOwnAnswer) return 'oracle';
  return facts.isMintCall ? 'mint' : 'none';
}

export function contentVerdictOf({ isOwnAnswer, isVerified }: WriteFacts): ContentVerdict {
  if (isOwnAnswer) return 'oracle';
  if (isVerified === null) return 'none';
  return isVerified ? 'verified' : 'unproven';
}
