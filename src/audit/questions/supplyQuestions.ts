import { functions } from '../../abi/erc7641.js';
import { burnRates, quoteOf } from '../../ledger/apply.js';
import { rulesAt } from '../../ledger/terms.js';
import type { Queryable } from '../../store/read/query/queryable.js';
import { readPools } from '../../store/read/tokens/pools.js';
import { readRevenueAssets } from '../../store/read/tokens/revenueAssets.js';
import type { TokenRecord } from '../../store/read/tokens/tokens.js';
import type { Question } from './question.js';

/**
 * What burning the whole supply would pay at the end of a block. No rounding hides a wei of the pools
 * there, as it does for a holder's part.
 */
export async function supplyQuestions(
  db: Queryable,
  token: TokenRecord,
  block: number,
): Promise<Question[]> {
  const { policy } = token.rules;
  if (!policy.views.includes(functions.redeemableOnBurn.signature)) return [];
  const bookNumber = policy.sharesEth
    ? token.number
    : (await readRevenueAssets(db, [token.number]))[0]?.number;
  if (bookNumber === undefined) return [];
  const [pools] = await readPools(db, [{ tokenNumber: bookNumber, block }]);
  if (pools === undefined || pools.supply === 0n) return [];
  const rates = burnRates(rulesAt(token.rules, block), pools);
  const quote = rates === null ? null : quoteOf(rates, pools.supply);
  if (quote === null) return [];
  const data = functions.redeemableOnBurn.encode({ amount: pools.supply });
  return [
    {
      figure: 'redeemableOnBurn(totalSupply())',
      token: token.address,
      account: null,
      lookup: { kind: 'call', to: token.address, data },
      ours: quote.fromNewWei + quote.fromPoolWei,
      mayRevert: false,
    },
  ];
}
