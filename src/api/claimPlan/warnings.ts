import type { AsOf } from '../../store/read/asOf.js';
import type { TokenRecord } from '../../store/read/tokens.js';
import type { ClaimPayment, ClaimPlan } from './plan.js';

/** What the holder loses if somebody takes the snapshot that is due. */
export interface ClaimWarning {
  readonly code: 'EXPIRES_WITH_NEXT_SNAPSHOT';
  readonly token: TokenRecord;
  readonly asOf: AsOf;
  readonly snapshotId: number;
  readonly loses: readonly ClaimPayment[];
  readonly message: string;
}

/** Claims that the next block can take away: the snapshot that ends their window is due. */
export function warningsOf({ steps }: ClaimPlan): ClaimWarning[] {
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
            `The next snapshot of ${token.symbol ?? token.address} can be taken by anybody now; ` +
            `${amounts.join(', ')} of snapshot ${snapshotId} cannot be claimed after it.`,
        };
      }),
  );
}
