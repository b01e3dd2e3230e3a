import { ask, assetArgument } from '../answers.js';
import { Clock } from '../clock.js';
import type { Draw } from '../draw.js';
import type { FigureSheet } from '../figures.js';
import { atBlock, ofHolder, ofToken, POOL_FIGURES, Sums, TOKENS } from '../subjects.js';
import type { Surface } from '../surface.js';
import type { ReaderWorld } from '../world.js';
import { putPools } from './graphqlObjects.js';

const ARGUMENTS = 'chainId: $chainId, token: $token, at: $at, interval: $interval';
const VARIABLES = '$chainId: SafeInt!, $token: Address!, $at: AtInput, $interval: Interval!';
const tokenIn = (
  asset: string,
) => `query (${VARIABLES}) { tokenSeries(${ARGUMENTS}${assetArgument(asset)}) {
  to receivedWei claimedWei redeemedWei supply holders balanceWei
  pools { newRevenueWei claimableWei redeemableWei redeemedFromNewWei } } }`;
const holderIn = (
  asset: string,
) => `query (${VARIABLES}, $holder: Address!) { holderSeries(${ARGUMENTS}, holder: $holder${assetArgument(asset)}) {
  to balance claimableWei accruingWei redeemableWei expiredWei claimedWei redeemedWei } }`;

interface TokenStep {
  readonly to: string;
  readonly receivedWei: string;
  readonly claimedWei: string;
  readonly redeemedWei: string;
  readonly supply: string;
  readonly holders: number;
  readonly balanceWei: string;
  readonly pools: Parameters<typeof putPools>[2];
}

interface HolderStep {
  readonly to: string;
  readonly balance: string;
  readonly claimableWei: string;
  readonly accruingWei: string;
  readonly redeemableWei: string;
  readonly expiredWei: string;
  readonly claimedWei: string;
  readonly redeemedWei: string;
}

/** `tokenSeries` and `holderSeries` by day or week: every end of a step, and what came until then. */
export const graphqlSeries: Surface = {
  surface: 'GraphQL series',
  names: [
    'supply',
    'holders',
    'held',
    'received',
    'paid by claims',
    'paid by burns',
    ...POOL_FIGURES,
    'balance',
    'claimable',
    'accruing',
    'redeemable',
    'expired',
    'claimed',
    'redeemed',
  ],
  async read(world, draw, sheet) {
    const clock = new Clock(world.chain, world.head);
    for (const asset of draw.token.assets) {
      await readToken(world, draw, asset, clock, sheet);
      for (const holder of draw.holders)
        await readHolder(world, draw, { asset, holder }, clock, sheet);
    }
  },
};

export function variablesOf({ chain: { chainId } }: ReaderWorld, draw: Draw) {
  const { at, kind } = draw.until;
  return {
    chainId,
    token: draw.token.address,
    interval: kind === 'month' ? 'MONTH' : 'DAY',
    ...(at === null ? {} : { at }),
  };
}

/** The moment of the end of a step: that of the answer, if the step is not over by then. */
export async function endOf(clock: Clock, draw: Draw, to: string): Promise<string> {
  const block = await clock.blockAt(Math.ceil(Date.parse(to) / 1000) - 1);
  return atBlock(Math.min(block, draw.until.block));
}

async function readToken(
  world: ReaderWorld,
  draw: Draw,
  asset: string,
  clock: Clock,
  sheet: FigureSheet,
): Promise<void> {
  const variables = variablesOf(world, draw);
  const { tokenSeries } = await ask<{ tokenSeries: readonly TokenStep[] }>(
    world.url,
    tokenIn(asset),
    variables,
  );
  const sums = new Sums();
  for (const step of tokenSeries) {
    sums.add('received', step.receivedWei);
    sums.add('paid by claims', step.claimedWei);
    sums.add('paid by burns', step.redeemedWei);
    const of = ofToken(draw, await endOf(clock, draw, step.to));
    sheet.put({ ...of, name: 'supply', asset: TOKENS }, step.supply);
    sheet.put({ ...of, name: 'holders', asset: TOKENS }, step.holders);
    sheet.put({ ...of, name: 'held', asset }, step.balanceWei);
    putPools(sheet, { ...of, asset }, step.pools);
    for (const [name, sum] of sums.entries()) sheet.put({ ...of, name, asset }, sum);
  }
}

async function readHolder(
  world: ReaderWorld,
  draw: Draw,
  { asset, holder }: { readonly asset: string; readonly holder: string },
  clock: Clock,
  sheet: FigureSheet,
): Promise<void> {
  const variables = { ...variablesOf(world, draw), holder };
  const { holderSeries } = await ask<{ holderSeries: readonly HolderStep[] }>(
    world.url,
    holderIn(asset),
    variables,
  );
  const sums = new Sums();
  for (const step of holderSeries) {
    sums.add('claimed', step.claimedWei);
    sums.add('redeemed', step.redeemedWei);
    const of = { ...ofHolder(draw, holder, await endOf(clock, draw, step.to)), asset };
    sheet.put({ ...of, name: 'balance', asset: TOKENS }, step.balance);
    sheet.put({ ...of, name: 'claimable' }, step.claimableWei);
    sheet.put({ ...of, name: 'accruing' }, step.accruingWei);
    sheet.put({ ...of, name: 'redeemable' }, step.redeemableWei);
    sheet.put({ ...of, name: 'expired' }, step.expiredWei);
    for (const [name, sum] of sums.entries()) sheet.put({ ...of, name }, sum);
  }
}
