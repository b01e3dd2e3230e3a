import { id } from 'ethers';
import { functions } from '../../abi/erc7641.js';
import type { Address } from '../../address.js';
import { ALT_REVENUE_VIEW, expectedGetters, PART_GETTERS } from '../../ledger/policies/getters.js';
import type { Getters, RevenuePolicy } from '../../ledger/policies/policy.js';
import { areSameTerms, type ContractTerms } from '../../ledger/terms.js';
import type { BlockTag, ChainNode } from '../node.js';
import { unlessWithoutState } from '../withoutState.js';

/**
 * What a contract said its terms are at the end of a block. `none`: its getters do not fit its policy;
 * `unknown`: the node does not have the state of the block, or the contract has no code there.
 */
export type SaidTerms = ContractTerms | 'none' | 'unknown';

/** A contract with the policy of its books. */
export interface TermsSubject {
  readonly address: Address;
  readonly policy: RevenuePolicy;
}

/** Getters of a claim switch, with the answer that means a pause. */
const PAUSE_GETTERS = new Map([
  ['paused()', 1n],
  ['claimPaused()', 1n],
  ['claimsPaused()', 1n],
  ['claimEnabled()', 0n],
  ['claimsEnabled()', 0n],
]);

interface Getter {
  readonly signature: string;
  readonly data: string;
}

const getters = new Map<string, Getter>();

/** Each commit asks for the same few: their selectors are computed once. */
function getter(signature: string): Getter {
  const known = getters.get(signature) ?? { signature, data: id(signature).slice(0, 10) };
  getters.set(signature, known);
  return known;
}

const PAUSES = [...PAUSE_GETTERS.keys()].map(getter);
/** Answers wherever the contract has code and the node has its state. */
const SUPPLY = getter(functions.totalSupply.signature);

/** Reads the terms of a contract at the end of a block. */
export async function readTerms(
  node: ChainNode,
  { address, policy }: TermsSubject,
  block: BlockTag,
): Promise<SaidTerms> {
  const own = [...policy.ownGetters.keys()].map(getter);
  const asked = [SUPPLY, ...PART_GETTERS.map(getter), ...own, ...PAUSES];
  const answers = await unlessWithoutState(() =>
    node.views(
      asked.map(({ data }) => ({ to: address, data })),
      block,
    ),
  );
  if (answers?.[0] == null) return 'unknown';
  const said = gettersOf(asked, answers);
  // The AltRevToken view divides by the supply; whether it is there is asked at an upgrade.
  const alt = policy.views.includes(ALT_REVENUE_VIEW) ? 0n : null;
  const terms = policy.termsFrom({ ...said, [ALT_REVENUE_VIEW]: alt });
  return terms === null ? 'none' : { ...terms, isPaused: pauseOf(said) };
}

/** Terms that are to be compared with the contract. */
export interface HeldTerms extends TermsSubject {
  readonly terms: ContractTerms;
  readonly block: BlockTag;
}

/**
 * Whether contracts still say terms, in the order of the questions. Only the getters that the policy
 * goes by are asked, in one batch: `false` may also mean that a getter was not answered. `null`: the node
 * does not have the state of that block any more.
 *
 * @param held ascending by block
 */
export async function sayTerms(
  node: ChainNode,
  held: readonly HeldTerms[],
): Promise<(boolean | null)[]> {
  const said = await saidInBatch(node, held);
  if (said !== null) return said;
  const first = await firstWithState(node, held);
  const newer = first === 0 ? null : await saidInBatch(node, held.slice(first));
  return [
    ...held.slice(0, first).map(() => null),
    ...(newer ?? held.slice(first).map(() => false)),
  ];
}

/** The first of these blocks, ascending, whose state the node has: nodes forget the oldest first. */
async function firstWithState(node: ChainNode, held: readonly HeldTerms[]): Promise<number> {
  let low = 0;
  let high = held.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const { address, block } = held[middle] as HeldTerms;
    const answer = await unlessWithoutState(() =>
      node.views([{ to: address, data: SUPPLY.data }], block),
    );
    if (answer === null) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** `null` where the node refuses one of the questions. */
async function saidInBatch(node: ChainNode, held: readonly HeldTerms[]): Promise<boolean[] | null> {
  const expected = held.map(expectedAnswers);
  const calls = held.flatMap(({ address, block }, index) =>
    (expected[index] ?? []).map(([{ data }]) => ({ to: address, data, block })),
  );
  if (calls.length === 0) return held.map(() => true);
  const answers = await unlessWithoutState(() => node.viewsAt(calls));
  if (answers === null) return null;
  let next = 0;
  return expected.map((of, index) => {
    const said = of.map(([, value]) => [wordOf(answers[next++] ?? null), value] as const);
    const pauses = PAUSES.length;
    const figures = held[index]?.terms.isPaused === null ? said : said.slice(0, -pauses);
    if (figures.some(([answer, value]) => answer !== value)) return false;
    if (figures.length === said.length) return true;
    const getters = gettersOf(
      PAUSES,
      said.slice(-pauses).map(([answer]) => wordText(answer)),
    );
    return pauseOf(getters) === held[index]?.terms.isPaused;
  });
}

/** The getters of a policy with what they answer by some terms; the pause, where known, comes last. */
function expectedAnswers({ policy, terms }: HeldTerms): (readonly [Getter, bigint | null])[] {
  const asked = expectedGetters(policy, terms).map(
    ([signature, answer]): readonly [Getter, bigint | null] => [getter(signature), answer],
  );
  if (terms.isPaused !== null) {
    asked.push(...PAUSES.map((of): readonly [Getter, bigint | null] => [of, null]));
  }
  return asked;
}

/** A change of terms, at the end of a block. */
export interface SaidChange {
  readonly block: number;
  readonly terms: ContractTerms;
}

/**
 * Finds by bisection in which blocks terms became those of a later block. What was changed and changed
 * back in between may be missed. Blocks whose terms the node does not say count as unchanged.
 *
 * @param from block at whose end the terms held
 * @returns ascending; the last has the terms of the last block
 */
export async function changesBetween(
  node: ChainNode,
  subject: TermsSubject,
  from: SaidChange,
  to: SaidChange,
): Promise<SaidChange[]> {
  if (areSameTerms(from.terms, to.terms)) return [];
  if (to.block - from.block <= 1) return [to];
  const block = Math.floor((from.block + to.block) / 2);
  const said = await readTerms(node, subject, block);
  const middle = { block, terms: typeof said === 'string' ? from.terms : said };
  return [
    ...(await changesBetween(node, subject, from, middle)),
    ...(await changesBetween(node, subject, middle, to)),
  ];
}

/**
 * The terms of a contract when its books begin: those of its deployment, or of the first block at
 * which its getters fit its policy (a proxy may be initialised later).
 *
 * @param fitting a block at which they fit
 * @returns `null` where the node cannot say it
 */
export async function readFirstTerms(
  node: ChainNode,
  subject: TermsSubject,
  startBlock: number,
  fitting: number,
): Promise<ContractTerms | null> {
  const first = await readTerms(node, subject, startBlock);
  if (typeof first !== 'string') return first;
  let terms = await readTerms(node, subject, fitting);
  let high = fitting;
  let low = first === 'none' ? startBlock : fitting;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    const said = await readTerms(node, subject, middle);
    if (typeof said === 'string') low = middle;
    else [high, terms] = [middle, said];
  }
  return typeof terms === 'string' ? null : terms;
}

function gettersOf(asked: readonly Getter[], answers: readonly (string | null)[]): Getters {
  return Object.fromEntries(
    asked.map(({ signature }, index) => [signature, wordOf(answers[index] ?? null)]),
  );
}

function pauseOf(getters: Getters): boolean | null {
  let isPaused: boolean | null = null;
  for (const [signature, meaning] of PAUSE_GETTERS) {
    const said = getters[signature] ?? null;
    if (said === 0n || said === 1n) isPaused = isPaused === true || said === meaning;
  }
  return isPaused;
}

function wordOf(answer: string | null): bigint | null {
  return answer !== null && answer.length === 66 ? BigInt(answer) : null;
}

function wordText(word: bigint | null): string | null {
  return word === null ? null : `0x${word.toString(16).padStart(64, '0')}`;
}
