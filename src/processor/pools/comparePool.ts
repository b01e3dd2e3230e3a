import { type Address, checksummed, ZERO_ADDRESS } from '../../address.js';
import type { ChainNode } from '../../chain/node.js';
import { answerOf, viewData } from '../../chain/pools/registry.js';
import { unlessWithoutState } from '../../chain/withoutState.js';
import { ImoError } from '../../errors.js';
import { type PoolBook, RIGHT } from './poolBook.js';

/** What the books say otherwise than the views of a pool. */
export interface PoolDifference {
  readonly error: ImoError;
  /** Whose shares; `null`: those of all. */
  readonly of: Address | null;
}

interface Said {
  readonly view: string;
  readonly of: Address | null;
  readonly ours: bigint;
}

/**
 * Compares the shares of all depositors, and of those that are unchecked, with the views of the pool at
 * the end of a block.
 *
 * @returns the first difference; `null`: there is none. `unknown`: the node does not keep the state
 */
export async function poolDifference(
  node: ChainNode,
  book: PoolBook,
  hash: string,
): Promise<PoolDifference | null | 'unknown'> {
  const { contract, mapping } = book.pool;
  const { views } = mapping;
  const said: Said[] = [];
  if (views.total !== null) said.push({ view: views.total, of: null, ours: book.totalShares });
  for (const depositor of book.unchecked.depositors) {
    const ours = answerOf(views, depositor, book.sharesOf(depositor));
    if (ours !== null) said.push({ view: views.shares, of: depositor, ours });
  }
  const calls = said.map(({ view, of }) => ({
    to: contract.address,
    data: viewData(view, of ?? ZERO_ADDRESS),
  }));
  const answers = await unlessWithoutState(() => node.views(calls, { hash }));
  if (answers === null) return 'unknown';
  for (const [index, one] of said.entries()) {
    const answer = answers[index] ?? null;
    const theirs = answer === null ? null : BigInt(answer);
    if (theirs === one.ours) continue;
    return { error: differs(contract.address, one, theirs, hash), of: one.of };
  }
  return null;
}

/** `RIGHT` if the view of what differs returned at an earlier block what the books have for it. */
export async function saidThen(
  node: ChainNode,
  { pool, unchecked }: PoolBook,
  of: Address | null,
  block: number,
): Promise<string> {
  const { views } = pool.mapping;
  const view = of === null ? views.total : views.shares;
  if (view === null) return 'nothing';
  const ours = of === null ? unchecked.at(of, block) : answerOf(views, of, unchecked.at(of, block));
  const answer = await node.view(pool.contract.address, viewData(view, of ?? ZERO_ADDRESS), block);
  return answer !== null && BigInt(answer) === ours ? RIGHT : 'otherwise';
}

function differs(
  pool: Address,
  { view, of, ours }: Said,
  theirs: bigint | null,
  hash: string,
): ImoError {
  const asked = of === null ? view : view.replace('address', checksummed(of));
  return new ImoError(
    'POOL_SHARES_DIFFER',
    `${asked} of pool ${checksummed(pool)} is ${theirs ?? 'without an answer'}, ` +
      `the books say ${ours} (block ${hash})`,
    'Its shares change without the described events. Describe it as `kind: custom`, or remove it.',
  );
}
