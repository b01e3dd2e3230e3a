import { LedgerError } from '../errors.js';

/** What an event of a pool did to the shares of its depositors; `A` stands for an account. */
export type ShareMovement<A extends string> =
  | { readonly kind: 'raise' | 'lower'; readonly depositor: A; readonly shares: bigint }
  | { readonly kind: 'move'; readonly from: A; readonly to: A; readonly shares: bigint }
  /** The event says what the depositor has from now on. */
  | { readonly kind: 'set'; readonly depositor: A; readonly shares: bigint };

/** The shares of one depositor, and of all, after a movement. */
export interface SharesAfter<A extends string> {
  readonly depositor: A;
  readonly shares: bigint;
  readonly totalShares: bigint;
}

/** The depositors of a movement. */
export function depositorsOf<A extends string>(movement: ShareMovement<A>): readonly A[] {
  return movement.kind === 'move' ? [movement.from, movement.to] : [movement.depositor];
}

/**
 * Applies a movement: one result for each depositor whose shares it changed, in order.
 *
 * @param sharesOf the depositor before the movement
 * @throws LedgerError `LEDGER_NEGATIVE_SHARES` if somebody gives up more shares than it has
 */
export function moveShares<A extends string>(
  movement: ShareMovement<A>,
  totalShares: bigint,
  sharesOf: (depositor: A) => bigint,
): SharesAfter<A>[] {
  switch (movement.kind) {
    case 'raise':
      return changed(movement.depositor, movement.shares, totalShares, sharesOf);
    case 'lower':
      return changed(movement.depositor, -movement.shares, totalShares, sharesOf);
    case 'set': {
      const { depositor, shares } = movement;
      return changed(depositor, shares - sharesOf(depositor), totalShares, sharesOf);
    }
    case 'move': {
      const { from, to, shares } = movement;
      const lowered = changed(from, -shares, totalShares, sharesOf);
      if (from === to) return [];
      return [...lowered, ...changed(to, shares, totalShares - shares, sharesOf)];
    }
  }
}

function changed<A extends string>(
  depositor: A,
  change: bigint,
  totalShares: bigint,
  sharesOf: (depositor: A) => bigint,
): SharesAfter<A>[] {
  if (change === 0n) return [];
  const shares = sharesOf(depositor) + change;
  if (shares < 0n) {
    throw new LedgerError(
      'LEDGER_NEGATIVE_SHARES',
      `${depositor} gives up ${-change} shares and has ${shares - change}`,
      'The pool gives out shares that none of its described events shows. Describe it as `kind: custom`.',
    );
  }
  return [{ depositor, shares, totalShares: totalShares + change }];
}
