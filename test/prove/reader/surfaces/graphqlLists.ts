import { askRows, assetArgument } from '../answers.js';
import type { Draw } from '../draw.js';
import { type FigureSheet, inWindow, NATIVE } from '../figures.js';
import type { ReaderMoment } from '../moments.js';
import { PERSON_FIGURES, personNames, putPersonSums } from '../person.js';
import {
  atBlock,
  burnedFor,
  HOLDER_FIGURES,
  HOLDER_SUMS,
  ofHolder,
  ofToken,
  Sums,
  TOKEN_SUMS,
  TOKENS,
  within,
} from '../subjects.js';
import type { Surface } from '../surface.js';
import type { ReaderWorld } from '../world.js';
import { BURN_WORTH, HOLDER_WORTH, HOLDER_WORTH_NAMES, putWorth, TOKEN_WORTH } from '../worth.js';
import { type EntitlementAnswer, putEntitlement } from './graphqlObjects.js';

const PAGE = 'pageInfo { hasNextPage endCursor }';
const HOLDERS = `query ($chainId: SafeInt!, $token: Address!, $at: AtInput, $where: HolderWhere = {},
    $first: Int, $after: String) {
  rows: holders(chainId: $chainId, token: $token, at: $at, where: $where, first: $first, after: $after) {
    nodes { address balance entitlement { totalClaimableWei claimedWei redeemedWei expiredWei redeemableWei accruingWei } }
    ${PAGE}
  } }`;

/** A list of operations of one token and asset. */
const rowsOf = (
  list: string,
  kind: string,
  fields: string,
  isPriced = false,
) => `query ($first: Int, $after: String,${isPriced ? ' $currency: String!,' : ''}
    $filter: ${kind}Filter = {}, $where: ${kind}Where = {}) {
  rows: ${list}(first: $first, after: $after, filter: $filter, where: $where) { nodes { ${fields}${isPriced ? ' value(currency: $currency) { amount }' : ''} } ${PAGE} }
}`;
const CLAIMS = rowsOf('claims', 'Claim', 'holder snapshotId amountWei', true);
const REDEMPTIONS = rowsOf('redemptions', 'Redemption', 'holder burned amountWei', true);
const RECEIPTS = rowsOf('receipts', 'Receipt', 'amountWei', true);
const TRANSFERS = rowsOf('transfers', 'Transfer', 'from to amount');
const snapshotsIn = (
  asset: string,
) => `query ($chainId: SafeInt!, $token: Address!, $at: AtInput, $first: Int, $after: String) {
  rows: snapshots(chainId: $chainId, token: $token, at: $at, first: $first, after: $after${assetArgument(asset)}) {
    nodes { snapshotId newRevenueWei claimableWei claimedWei supply } ${PAGE}
  } }`;

/** Sums over the rows of lists: until a moment, and in a window. */
export const graphqlLists: Surface = {
  surface: 'GraphQL lists',
  names: [
    'balance',
    'holders',
    'supply',
    'assigned',
    'snapshot revenue',
    'claimed of snapshot',
    ...new Set([...HOLDER_FIGURES, ...HOLDER_SUMS]),
    ...TOKEN_SUMS,
    ...inWindow([...HOLDER_SUMS, ...TOKEN_SUMS]),
    ...HOLDER_WORTH,
    ...BURN_WORTH,
    ...TOKEN_WORTH,
    ...PERSON_FIGURES,
    ...inWindow(personNames(['claimed', 'redeemed', ...HOLDER_WORTH_NAMES])),
  ],
  async read(world, draw, sheet) {
    await readHolders(world, draw, draw.until, sheet);
    await readSnapshots(world, draw, sheet);
    const { after, until } = draw;
    const range = { _and: [after.later, until.until] };
    for (const asset of draw.token.assets) {
      await readMoney(world, draw, { asset, where: range, moment: within(draw) }, sheet);
      const all = { asset, where: until.until, moment: atBlock(until.block) };
      await readMoney(world, draw, all, sheet);
    }
    await readTransfers(world, draw, range, within(draw), sheet);
    await readTransfers(world, draw, until.until, atBlock(until.block), sheet);
    putPersonSums(sheet, draw);
  },
};

async function readHolders(
  { url, chain: { chainId } }: ReaderWorld,
  draw: Draw,
  { at, block }: ReaderMoment,
  sheet: FigureSheet,
): Promise<void> {
  const moment = atBlock(block);
  const variables = { chainId, token: draw.token.address, ...(at === null ? {} : { at }) };
  const rows = await askRows<{
    readonly address: string;
    readonly balance: string;
    readonly entitlement: EntitlementAnswer;
  }>(url, HOLDERS, { ...variables, where: { address: { _in: draw.holders } } });
  for (const address of draw.holders) {
    const row = rows.find((one) => one.address.toLowerCase() === address);
    const of = ofHolder(draw, address, moment);
    sheet.put({ ...of, name: 'balance', asset: TOKENS }, row?.balance ?? 0n);
    if (row === undefined) continue;
    putEntitlement(sheet, draw, { address, moment, asset: NATIVE, entitlement: row.entitlement });
  }
  const where = { balance: { _gt: '0' } };
  const all = await askRows<{ balance: string }>(url, HOLDERS, { ...variables, where, first: 500 });
  const of = { ...ofToken(draw, moment), asset: TOKENS };
  sheet.put({ ...of, name: 'holders' }, all.length);
  sheet.put(
    { ...of, name: 'supply' },
    all.reduce((sum, { balance }) => sum + BigInt(balance), 0n),
  );
}

async function readSnapshots(
  { url, chain: { chainId } }: ReaderWorld,
  draw: Draw,
  sheet: FigureSheet,
): Promise<void> {
  const { at, block } = draw.until;
  for (const asset of draw.token.assets) {
    const rows = await askRows<{
      readonly snapshotId: number;
      readonly newRevenueWei: string;
      readonly claimableWei: string;
      readonly claimedWei: string;
      readonly supply: string;
    }>(url, snapshotsIn(asset), {
      chainId,
      token: draw.token.address,
      ...(at === null ? {} : { at }),
    });
    for (const { snapshotId, newRevenueWei, claimableWei, claimedWei } of rows) {
      const { subject, moment } = ofToken(draw, atBlock(block));
      const of = { subject: `snapshot ${snapshotId} of ${subject}`, moment, asset };
      sheet.put({ ...of, name: 'snapshot revenue' }, newRevenueWei);
      sheet.put({ ...of, name: 'assigned' }, claimableWei);
      sheet.put({ ...of, name: 'claimed of snapshot' }, claimedWei);
    }
  }
}

interface Selection {
  readonly asset: string;
  readonly where: unknown;
  readonly moment: string;
}

async function readMoney(
  { url, chain: { chainId } }: ReaderWorld,
  draw: Draw,
  { asset, where, moment }: Selection,
  sheet: FigureSheet,
): Promise<void> {
  const books = { chainId, token: draw.token.address, ...(asset === NATIVE ? {} : { asset }) };
  const variables = { filter: books, where, currency: draw.currency };
  type Worth = {
    readonly amountWei: string;
    readonly value: { readonly amount: string } | null;
  };
  type Paid = Worth & {
    readonly holder: string;
    readonly burned?: string;
  };
  const claims = await askRows<Paid>(url, CLAIMS, variables);
  const burns = await askRows<Paid>(url, REDEMPTIONS, variables);
  const receipts = await askRows<Worth>(url, RECEIPTS, variables);
  const of = { ...ofToken(draw, moment), asset };
  const sum = (rows: readonly { readonly amountWei: string }[]) =>
    rows.reduce((all, { amountWei }) => all + BigInt(amountWei), 0n);
  sheet.put({ ...of, name: 'paid by claims' }, sum(claims));
  sheet.put({ ...of, name: 'paid by burns' }, sum(burns));
  sheet.put({ ...of, name: 'received' }, sum(receipts));
  sheet.put({ ...of, name: 'claims' }, claims.length);
  sheet.put({ ...of, name: 'redemptions' }, burns.length);
  sheet.put({ ...of, name: 'receipts' }, receipts.length);
  const isWindow = moment === within(draw);
  const valuesOf = (rows: readonly Worth[]) =>
    rows.map(({ amountWei, value }) => ({
      amount: BigInt(amountWei),
      value: value?.amount ?? null,
    }));
  if (isWindow) {
    const { subject } = of;
    putWorth(sheet, draw, { subject, asset, what: 'receipts' }, valuesOf(receipts));
  }
  for (const address of draw.holders) {
    const own = (rows: readonly Paid[]) =>
      rows.filter(({ holder }) => holder.toLowerCase() === address);
    const ofOne = { ...ofHolder(draw, address, moment), asset };
    sheet.put({ ...ofOne, name: 'claimed' }, sum(own(claims)));
    sheet.put({ ...ofOne, name: 'redeemed' }, sum(own(burns)));
    const burned = own(burns).reduce((all, one) => all + BigInt(one.burned ?? 0), 0n);
    sheet.put({ ...ofOne, asset: burnedFor(asset), name: 'burned' }, burned);
    if (!isWindow) continue;
    const { subject } = ofOne;
    putWorth(sheet, draw, { subject, asset, what: 'claims' }, valuesOf(own(claims)));
    putWorth(sheet, draw, { subject, asset, what: 'burns' }, valuesOf(own(burns)));
  }
}

async function readTransfers(
  { url, chain: { chainId } }: ReaderWorld,
  draw: Draw,
  where: unknown,
  moment: string,
  sheet: FigureSheet,
): Promise<void> {
  for (const address of draw.holders) {
    const filter = { chainId, token: draw.token.address, account: address };
    const rows = await askRows<{ from: string; to: string; amount: string }>(url, TRANSFERS, {
      filter,
      where,
    });
    const sums = new Sums(['tokens in', 'tokens out']);
    for (const { from, to, amount } of rows) {
      // What an account sends to itself neither comes nor goes.
      if (from === to) continue;
      if (to.toLowerCase() === address) sums.add('tokens in', amount);
      if (from.toLowerCase() === address) sums.add('tokens out', amount);
    }
    const of = { ...ofHolder(draw, address, moment), asset: TOKENS };
    for (const [name, amount] of sums.entries()) sheet.put({ ...of, name }, amount);
    if (!moment.startsWith('at')) continue;
    sheet.put({ ...of, name: 'balance' }, sums.get('tokens in') - sums.get('tokens out'));
  }
}
