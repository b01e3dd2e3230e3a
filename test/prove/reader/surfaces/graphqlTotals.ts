import { ask } from '../answers.js';
import type { Draw } from '../draw.js';
import { type FigureSheet, inWindow, NATIVE } from '../figures.js';
import { atBlock, ofHolder, ofToken, TOKEN_SUMS, TOKENS, within } from '../subjects.js';
import type { Surface } from '../surface.js';
import type { ReaderWorld } from '../world.js';
import { BURN_WORTH, decimalSum, HOLDER_WORTH, putWorthSum, TOKEN_WORTH } from '../worth.js';

/** The totals of a selection; with a currency, each sum has its value at the prices of its entries. */
const queryOf = (currency: string | null) => {
  const value = currency === null ? '' : 'value { known amounts missingAmounts }';
  const priced = currency === null ? '' : `, currency: "${currency}"`;
  const total = (name: string, list: string) =>
    `${name}: ${list}(filter: $${name}, where: $${name}Where${priced}) { count amountWei { sum ${value} } }`;
  return `query ($received: ReceiptFilter = {}, $receivedWhere: ReceiptWhere = {},
    $claimed: ClaimFilter = {}, $claimedWhere: ClaimWhere = {},
    $redeemed: RedemptionFilter = {}, $redeemedWhere: RedemptionWhere = {}) {
  ${total('received', 'receiptTotals')}
  ${total('claimed', 'claimTotals')}
  ${total('redeemed', 'redemptionTotals')}
}`;
};

const MOVES = ['tokens in', 'tokens out'] as const;
const SUMS = ['claimed', 'redeemed', ...TOKEN_SUMS] as const;

type Totals = readonly {
  readonly count: number;
  readonly amountWei: {
    readonly sum: string;
    readonly value?: {
      readonly known: string;
      readonly amounts: number;
      readonly missingAmounts: number;
    } | null;
  };
}[];

/** All that one account sent to another one, or got. */
const MOVED = `query ($filter: TransferFilter, $where: TransferWhere) {
  transferTotals(filter: $filter, where: $where) { amount { sum } } }`;

/** `receiptTotals`, `claimTotals` and `redemptionTotals`: until a moment, and in a window. */
export const graphqlTotals: Surface = {
  surface: 'GraphQL totals',
  names: [
    ...new Set([...SUMS, ...MOVES]),
    ...inWindow([...SUMS, ...MOVES]),
    ...HOLDER_WORTH,
    ...BURN_WORTH,
    ...TOKEN_WORTH,
  ],
  async read(world, draw, sheet) {
    const { after, until } = draw;
    for (const asset of draw.token.assets) {
      const range = { _and: [after.later, until.until] };
      await readTotals(world, draw, { asset, where: range, moment: within(draw) }, sheet);
      const all = { asset, where: until.until, moment: atBlock(until.block) };
      await readTotals(world, draw, all, sheet);
    }
    await readMoves(world, draw, { _and: [after.later, until.until] }, within(draw), sheet);
    await readMoves(world, draw, until.until, atBlock(until.block), sheet);
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
  const isWindow = moment === within(draw);
  const query = queryOf(isWindow ? draw.currency : null);
  const variables = (condition: object) => ({
    ...{ received: filter, receivedWhere: where },
    ...{ claimed: filter, claimedWhere: condition },
    ...{ redeemed: filter, redeemedWhere: condition },
  });
  type Answer = { readonly [Name in 'received' | 'claimed' | 'redeemed']: Totals };
  const answer = await ask<Answer>(url, query, variables(where));
  const of = { ...ofToken(draw, moment), asset };
  sheet.put({ ...of, name: 'received' }, sumOf(answer.received));
  sheet.put({ ...of, name: 'paid by claims' }, sumOf(answer.claimed));
  sheet.put({ ...of, name: 'paid by burns' }, sumOf(answer.redeemed));
  sheet.put({ ...of, name: 'receipts' }, countOf(answer.received));
  sheet.put({ ...of, name: 'claims' }, countOf(answer.claimed));
  sheet.put({ ...of, name: 'redemptions' }, countOf(answer.redeemed));
  if (isWindow) putValues(sheet, draw, { ...of, what: 'receipts' }, answer.received);
  for (const address of draw.holders) {
    const condition = { _and: [where, { holder: { _eq: address } }] };
    const own = await ask<Answer>(url, query, variables(condition));
    const ofOne = { ...ofHolder(draw, address, moment), asset };
    sheet.put({ ...ofOne, name: 'claimed' }, sumOf(own.claimed));
    sheet.put({ ...ofOne, name: 'redeemed' }, sumOf(own.redeemed));
    if (!isWindow) continue;
    putValues(sheet, draw, { ...ofOne, what: 'claims' }, own.claimed);
    putValues(sheet, draw, { ...ofOne, what: 'burns' }, own.redeemed);
  }
}

function putValues(
  sheet: FigureSheet,
  draw: Draw,
  of: Parameters<typeof putWorthSum>[2],
  totals: Totals,
): void {
  const values = totals.flatMap(({ amountWei: { value } }) => value ?? []);
  const missing = values.reduce((sum, { missingAmounts }) => sum + missingAmounts, 0);
  const amounts = values.reduce((sum, { amounts: count }) => sum + count, 0);
  const known = values.map((value) => value.known);
  putWorthSum(sheet, draw, of, { sum: amounts === missing ? null : decimalSum(known), missing });
}

async function readMoves(
  { url, chain: { chainId } }: ReaderWorld,
  draw: Draw,
  range: object,
  moment: string,
  sheet: FigureSheet,
): Promise<void> {
  const filter = { chainId, token: draw.token.address };
  for (const address of draw.holders) {
    const of = { ...ofHolder(draw, address, moment), asset: TOKENS };
    for (const [name, own, other] of [
      ['tokens in', 'to', 'from'],
      ['tokens out', 'from', 'to'],
    ] as const) {
      const where = { _and: [range, { [own]: { _eq: address } }, { [other]: { _neq: address } }] };
      const { transferTotals } = await ask<{
        transferTotals: readonly { readonly amount: { readonly sum: string } }[];
      }>(url, MOVED, { filter, where });
      sheet.put(
        { ...of, name },
        transferTotals.reduce((all, one) => all + BigInt(one.amount.sum), 0n),
      );
    }
  }
}

function sumOf(totals: Totals): bigint {
  return totals.reduce((all, { amountWei }) => all + BigInt(amountWei.sum), 0n);
}

function countOf(totals: Totals): number {
  return totals.reduce((all, { count }) => all + count, 0);
}
