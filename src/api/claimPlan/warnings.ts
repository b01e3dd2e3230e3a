import { shownSymbol } from '../../books/moneySymbols.js';
import { rulesAt } from '../../ledger/terms.js';
import type { AsOf } from '../../store/read/chains/asOf.js';
import type { TokenRecord } from '../../store/read/tokens/tokens.js';
import type { ClaimPayment, ClaimPlan } from './plan.js';

/** Why a claim is urgent, or cannot be made now. */
export interface ClaimWarning {
  readonly code: 'EXPIRES_WITH_NEXT_SNAPSHOT' | 'CLAIMS_PAUSED' | 'BOOKS_ARCHIVED';
  readonly token: TokenRecord;
  readonly asOf: AsOf;
  readonly snapshotId: number;
  /** What cannot be claimed after the snapshot that is due. */
  readonly loses: readonly ClaimPayment[];
  readonly message: string;
}

/**
 * Claims that the next block can take away, because the snapshot that ends their window is due; claims
 * that the contract refuses as long as they are paused; and claims of which nobody knows whether they were made
 * since the books of the token ended.
 */
export function warningsOf({ steps }: ClaimPlan): ClaimWarning[] {
  return [...dueClaims(steps), ...pausedClaims(steps), ...archivedClaims(steps)];
}

function pausedClaims(steps: ClaimPlan['steps']): ClaimWarning[] {
  return steps
    .filter(({ token, asOf }) => rulesAt(token.rules, asOf.block).terms.isPaused)
    .flatMap(({ token, asOf, claims }) =>
      claims.map(
        ({ snapshotId }): ClaimWarning => ({
          code: 'CLAIMS_PAUSED',
          token,
          asOf,
          snapshotId,
          loses: [],
          message:
            `The contract of ${shownSymbol(token) ?? token.address} says that claims are paused: a claim ` +
            `of snapshot ${snapshotId} may revert until the pause ends.`,
        }),
      ),
    );
}

function archivedClaims(steps: ClaimPlan['steps']): ClaimWarning[] {
  return steps
    .filter(({ token }) => token.archivedBlock !== null)
    .flatMap(({ token, asOf, claims }) =>
      claims.map(
        ({ snapshotId }): ClaimWarning => ({
          code: 'BOOKS_ARCHIVED',
          token,
          asOf,
          snapshotId,
          loses: [],
          message:
            `The books of ${shownSymbol(token) ?? token.address} end at block ${asOf.block}, because it is no ` +
            `longer indexed: snapshot ${snapshotId} may be claimed or expired since then.`,
        }),
      ),
    );
}

function dueClaims(steps: ClaimPlan['steps']): ClaimWarning[] {
  return steps.flatMap(({ token, asOf, claims }) =>
    claims
      .filter(({ expiry }) => expiry.isDue)
      .map(({ snapshotId, pays }): ClaimWarning => {
        const amounts = pays.map(({ asset, amount }) =>
          asset.address === null
            ? `${amount} wei`
            : `${amount} of ${asset.symbol ?? asset.address}`,
        );
        return {
          code: 'EXPIRES_WITH_NEXT_SNAPSHOT',
          token,
          asOf,
          snapshotId,
          loses: pays,
          message:
            `The next snapshot of ${shownSymbol(token) ?? token.address} can be taken by anybody now; ` +
            `${amounts.join(', ')} of snapshot ${snapshotId} cannot be claimed after it.`,
        };
      }),
  );
}
