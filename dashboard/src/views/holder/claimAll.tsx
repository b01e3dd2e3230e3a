import { shortHex } from '../../format/addresses.js';
import { groupedBy } from '../../format/grouped.js';
import { amountText } from '../../parts/amount.js';
import { texts } from '../../texts/texts.js';
import { Buttons } from '../../wallet/action.js';
import type { Wish } from '../../wallet/transactions.js';
import { wallets } from '../../wallet/wallets.js';
import { type OwedToken, type PlanStep, sumOf, tokenOf, unitOf } from './owed.js';

/** What a step of a plan does, as its button says it. */
export function wishOf(
  step: PlanStep,
  tokens: readonly OwedToken[],
  symbolOf: (chainId: number) => string,
): Wish {
  const { wallet: t } = texts.value;
  const { transaction } = step;
  const pays = paysText([step], tokens, symbolOf);
  const isOneOfSeveral = tokens.some(({ accounts }) => accounts.length > 1);
  return {
    transaction,
    label: isOneOfSeveral ? t.claimFrom(pays, shortHex(transaction.from)) : t.claim(pays),
  };
}

/** Claims everything, over tokens and snapshots, one transaction after the other. */
export function ClaimAll({
  steps,
  tokens,
  symbolOf,
}: {
  readonly steps: readonly PlanStep[];
  readonly tokens: readonly OwedToken[];
  readonly symbolOf: (chainId: number) => string;
}) {
  const { wallet: t } = texts.value;
  if (steps.length < 2 || wallets.value.length === 0) return null;
  return (
    <>
      <Buttons
        wishes={steps.map((step) => wishOf(step, tokens, symbolOf))}
        label={t.claimAll(paysText(steps, tokens, symbolOf))}
      />
      <p class="muted small">{t.claimAllNote(steps.length)}</p>
    </>
  );
}

/** What steps pay together: money of different chains is not added up. */
function paysText(
  steps: readonly PlanStep[],
  tokens: readonly OwedToken[],
  symbolOf: (chainId: number) => string,
): string {
  const pays = steps.flatMap(({ token, claims }) =>
    claims.flatMap((claim) =>
      claim.pays.map(({ asset, amount }) => ({ token, address: asset.address ?? null, amount })),
    ),
  );
  const byAsset = groupedBy(pays, ({ token, address }) => `${token.chainId} ${address}`);
  return [...byAsset.values()]
    .flatMap((parts) => {
      const [first] = parts;
      if (first === undefined) return [];
      const { token, address } = first;
      const found = tokenOf(tokens, token)?.assets.find((asset) => asset.address === address);
      const unit = unitOf(
        found ?? { address, symbol: null, decimals: null },
        symbolOf(token.chainId),
      );
      return [
        amountText(
          sumOf(parts, ({ amount }) => amount),
          unit,
        ),
      ];
    })
    .join(' + ');
}
