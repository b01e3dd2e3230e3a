import { ask } from '../answers.js';
import type { Draw } from '../draw.js';
import { type FigureSheet, inWindow, NATIVE } from '../figures.js';
import { atBlock, ofHolder, ofToken, TOKEN_SUMS, within } from '../subjects.js';
import type { Surface } from '../surface.js';
import type { ReaderWorld } from '../world.js';

const total = (name: string, list: string) =>
  `${name}: ${list}(filter: $${name}, where: $${name}Where) { count amountWei { sum } }`;
const QUERY = `query ($received: ReceiptFilter = {}, $receivedWhere: ReceiptWhere = {},
    $claimed: ClaimFilter = {}, $claimedWhere: ClaimWhere = {},
    $redeemed: RedemptionFilter = {}, $redeemedWhere: RedemptionWhere = {}) {
  ${total('received', 'receiptTotals')}
  ${total('claimed', 'claimTotals')}
  ${total('redeemed', 'redemptionTotals')}
}`;

const SUMS = ['claimed', 'redeemed', ...TOKEN_SUMS] as const;

type Totals = readonly { readonly count: number; readonly amountWei: { readonly sum: string } }[];

/** `receiptTotals`, `claimTotals` and `redemptionTotals`: until a moment, and in a window. */
export const graphqlTotals: Surface = {
  surface: 'GraphQL totals',
  names: [...SUMS, ...inWindow(SUMS)],
  async read(world, draw, sheet) {
    const { after, until } = draw;
    for (const asset of draw.token.assets) {
      const range = { _and: [after.later, until.until] };
      await readTotals(world, draw, { asset, where: range, moment: within(draw) }, sheet);
      const all = { asset, where: until.until, moment: atBlock(until.block) };
      await readTotals(world, draw, all, sheet);
    }
  },
};

async function readTotals(
  { url, chain: { chainId } }: ReaderWorld,
  draw: Draw,
  {
    asset,
    where,
    moment,
  }: { readonly asset: string; readonly where: object; readonly moment: string },
  sheet: FigureSheet,
): Promise<void> {
  const filter = { chainId, token: draw.token.address, ...(asset === NATIVE ? {} : { asset }) };
  const variables = (condition: object) => ({
    ...{ received: filter, receivedWhere: where },
    ...{ claimed: filter, claimedWhere: condition },
    ...{ redeemed: filter, redeemedWhere: condition },
  });
  type Answer = { readonly [Name in 'received' | 'claimed' | 'redeemed']: Totals };
  const answer = await ask<Answer>(url, QUERY, variables(where));
  const of = { ...ofToken(draw, moment), asset };
  sheet.put({ ...of, name: 'received' }, sumOf(answer.received));
  sheet.put({ ...of, name: 'paid by claims' }, sumOf(answer.claimed));
  sheet.put({ ...of, name: 'paid by burns' }, sumOf(answer.redeemed));
  sheet.put({ ...of, name: 'receipts' }, countOf(answer.received));
  sheet.put({ ...of, name: 'claims' }, countOf(answer.claimed));
  sheet.put({ ...of, name: 'redemptions' }, countOf(answer.redeemed));
  for (const address of draw.holders) {
    const condition = { _and: [where, { holder: { _eq: address } }] };
    const own = await ask<Answer>(url, QUERY, variables(condition));
    const ofOne = { ...ofHolder(draw, address, moment), asset };
    sheet.put({ ...ofOne, name: 'claimed' }, sumOf(own.claimed));
    sheet.put({ ...ofOne, name: 'redeemed' }, sumOf(own.redeemed));
  }
}

function sumOf(totals: Totals): bigint {
  return totals.reduce((all, { amountWei }) => all + BigInt(amountWei.sum), 0n);
}

function countOf(totals: Totals): number {
  return totals.reduce((all, { count }) => all + count, 0);
}
