import { ask } from '../answers.js';
import type { Draw } from '../draw.js';
import { FigureSheet, NATIVE } from '../figures.js';
import type { ReaderMoment } from '../moments.js';
import { PERSON_FIGURES, putPersonSums } from '../person.js';
import {
  atBlock,
  HOLDER_FIGURES,
  ofHolder,
  ofShare,
  ofToken,
  POOL_FIGURES,
  SHARE_FIGURES,
  TOKEN_FIGURES,
  TOKENS,
} from '../subjects.js';
import type { Surface } from '../surface.js';
import type { ReaderWorld } from '../world.js';

/** As the API has it; amounts are digits, or `bigint` after a client has read them. */
export interface EntitlementAnswer {
  readonly totalClaimableWei: string | bigint;
  readonly claimedWei: string | bigint;
  readonly redeemedWei: string | bigint;
  readonly expiredWei: string | bigint;
  readonly redeemableWei: string | bigint;
  readonly accruingWei: string | bigint;
  readonly snapshotsConnection?: {
    readonly nodes: readonly {
      readonly snapshotId: number;
      readonly balanceAt: string | bigint;
      readonly shareWei: string | bigint;
      readonly claimableWei: string | bigint;
      readonly claimedWei: string | bigint;
    }[];
  };
}

export interface PositionAnswer {
  readonly token: { readonly address: string };
  readonly balance: string | bigint;
  readonly entitlement: EntitlementAnswer;
  readonly assetEntitlements?: readonly {
    readonly asset: { readonly address: string };
    readonly entitlement: EntitlementAnswer;
  }[];
}

interface PoolsAnswer {
  readonly newRevenueWei: string | bigint;
  readonly claimableWei: string | bigint;
  readonly redeemableWei: string | bigint;
  readonly redeemedFromNewWei: string | bigint;
}

interface TokenAnswer {
  readonly token: {
    readonly supply: string;
    readonly balanceWei: string;
    readonly receivedWei: string;
    readonly claimedWei: string;
    readonly redeemedWei: string;
    readonly pools: PoolsAnswer;
    readonly assets: readonly {
      readonly address: string;
      readonly balance: string;
      readonly received: string;
      readonly claimed: string;
      readonly redeemed: string;
      readonly pools: PoolsAnswer;
    }[];
  };
}

const ENTITLEMENT = `totalClaimableWei claimedWei redeemedWei expiredWei redeemableWei accruingWei
  snapshotsConnection(first: 1000) { nodes { snapshotId balanceAt shareWei claimableWei claimedWei } }`;
const POOLS = 'pools { newRevenueWei claimableWei redeemableWei redeemedFromNewWei }';
const HOLDER = `query ($chainId: SafeInt!, $address: Address!, $at: AtInput) {
  holder(chainId: $chainId, address: $address, at: $at) { positions {
    token { address } balance entitlement { ${ENTITLEMENT} }
    assetEntitlements { asset { address } entitlement { ${ENTITLEMENT} } }
  } } }`;
const TOKEN = `query ($chainId: SafeInt!, $token: Address!, $at: AtInput) {
  token(chainId: $chainId, address: $token, at: $at) {
    supply balanceWei receivedWei claimedWei redeemedWei ${POOLS}
    assets { address balance received claimed redeemed ${POOLS} }
  } }`;

/** `holder` and `token` of the API, as of both ends of the window. */
export const graphqlObjects: Surface = {
  surface: 'GraphQL objects',
  names: [
    'balance',
    'supply',
    'balance at snapshot',
    ...HOLDER_FIGURES,
    ...SHARE_FIGURES,
    ...TOKEN_FIGURES,
    ...POOL_FIGURES,
    ...PERSON_FIGURES,
  ],
  async read(world, draw, sheet) {
    for (const [, { value, ...of }] of (await statesOf(world, draw)).entries())
      sheet.put(of, value);
    sheet.contradictions.push(...(await statesOf(world, draw)).contradictions);
  },
};

const states = new WeakMap<Draw, Promise<FigureSheet>>();

/** What the API answers for both ends of a draw, in one request. */
export function statesOf(world: ReaderWorld, draw: Draw): Promise<FigureSheet> {
  const known = states.get(draw);
  if (known !== undefined) return known;
  const reading = (async () => {
    const sheet = new FigureSheet(graphqlObjects.surface);
    for (const moment of [draw.after, draw.until]) await readAt(world, draw, moment, sheet);
    putPersonSums(sheet, draw);
    return sheet;
  })();
  states.set(draw, reading);
  return reading;
}

async function readAt(
  { url, chain: { chainId } }: ReaderWorld,
  draw: Draw,
  { at, block }: ReaderMoment,
  sheet: FigureSheet,
): Promise<void> {
  const moment = atBlock(block);
  for (const address of draw.holders) {
    const variables = { chainId, address, ...(at === null ? {} : { at }) };
    const { holder } = await ask<{ holder: { positions: readonly PositionAnswer[] } }>(
      url,
      HOLDER,
      variables,
    );
    putPosition(sheet, draw, { address, moment, positions: holder.positions });
  }
  const variables = { chainId, token: draw.token.address, ...(at === null ? {} : { at }) };
  const { token } = await ask<TokenAnswer>(url, TOKEN, variables);
  const of = ofToken(draw, moment);
  sheet.put({ ...of, name: 'supply', asset: TOKENS }, token.supply);
  putMoney(sheet, { ...of, asset: NATIVE }, token);
  for (const asset of draw.token.assets.slice(1)) {
    const books = token.assets.find(({ address }) => address.toLowerCase() === asset);
    const { balance, received, claimed, redeemed, pools } = books ?? NO_BOOKS;
    const said = { balanceWei: balance, receivedWei: received, claimedWei: claimed, pools };
    putMoney(sheet, { ...of, asset }, { ...said, redeemedWei: redeemed });
  }
}

const NO_POOLS = { newRevenueWei: 0n, claimableWei: 0n, redeemableWei: 0n, redeemedFromNewWei: 0n };
const NO_BOOKS = { balance: 0n, received: 0n, claimed: 0n, redeemed: 0n, pools: NO_POOLS };
const NOTHING: EntitlementAnswer = {
  totalClaimableWei: 0n,
  claimedWei: 0n,
  redeemedWei: 0n,
  expiredWei: 0n,
  redeemableWei: 0n,
  accruingWei: 0n,
};

/** What a holder has of the token of the draw; a holder without a position has nothing. */
export function putPosition(
  sheet: FigureSheet,
  draw: Draw,
  {
    address,
    moment,
    positions,
  }: {
    readonly address: string;
    readonly moment: string;
    readonly positions: readonly PositionAnswer[];
  },
): void {
  const position = positions.find(
    ({ token }) => token.address.toLowerCase() === draw.token.address,
  );
  const of = ofHolder(draw, address, moment);
  sheet.put({ ...of, name: 'balance', asset: TOKENS }, position?.balance ?? 0n);
  for (const asset of draw.token.assets) {
    const entitlement =
      asset === NATIVE
        ? position?.entitlement
        : position?.assetEntitlements?.find((one) => one.asset.address.toLowerCase() === asset)
            ?.entitlement;
    if (asset !== NATIVE && position !== undefined && position.assetEntitlements === undefined) {
      continue;
    }
    putEntitlement(sheet, draw, { address, moment, asset, entitlement: entitlement ?? NOTHING });
  }
}

export function putEntitlement(
  sheet: FigureSheet,
  draw: Draw,
  {
    address,
    moment,
    asset,
    entitlement,
  }: {
    readonly address: string;
    readonly moment: string;
    readonly asset: string;
    readonly entitlement: EntitlementAnswer;
  },
): void {
  const of = { ...ofHolder(draw, address, moment), asset };
  sheet.put({ ...of, name: 'claimable' }, entitlement.totalClaimableWei);
  sheet.put({ ...of, name: 'claimed' }, entitlement.claimedWei);
  sheet.put({ ...of, name: 'redeemed' }, entitlement.redeemedWei);
  sheet.put({ ...of, name: 'expired' }, entitlement.expiredWei);
  sheet.put({ ...of, name: 'redeemable' }, entitlement.redeemableWei);
  sheet.put({ ...of, name: 'accruing' }, entitlement.accruingWei);
  for (const share of entitlement.snapshotsConnection?.nodes ?? []) {
    const at = ofShare(draw, address, share.snapshotId, moment);
    sheet.put({ ...at, name: 'balance at snapshot', asset: TOKENS }, share.balanceAt);
    sheet.put({ ...at, asset, name: 'share' }, share.shareWei);
    sheet.put({ ...at, asset, name: 'snapshot claimable' }, share.claimableWei);
    sheet.put({ ...at, asset, name: 'snapshot claimed' }, share.claimedWei);
  }
}

/** The money of a token in one asset. Everything that its pools have is what it holds. */
export function putMoney(
  sheet: FigureSheet,
  of: { readonly subject: string; readonly moment: string; readonly asset: string },
  said: {
    readonly balanceWei: string | bigint;
    readonly receivedWei: string | bigint;
    readonly claimedWei: string | bigint;
    readonly redeemedWei: string | bigint;
    readonly pools: PoolsAnswer;
  },
): void {
  const { pools } = said;
  sheet.put({ ...of, name: 'held' }, said.balanceWei);
  sheet.put({ ...of, name: 'received' }, said.receivedWei);
  sheet.put({ ...of, name: 'paid by claims' }, said.claimedWei);
  sheet.put({ ...of, name: 'paid by burns' }, said.redeemedWei);
  putPools(sheet, of, pools);
}

/** What the pools have is what the token holds: docs/accounting.md. */
export function putPools(
  sheet: FigureSheet,
  of: { readonly subject: string; readonly moment: string; readonly asset: string },
  pools: PoolsAnswer,
): void {
  sheet.put({ ...of, name: 'new revenue' }, pools.newRevenueWei);
  sheet.put({ ...of, name: 'claimable pool' }, pools.claimableWei);
  sheet.put({ ...of, name: 'redeemable pool' }, pools.redeemableWei);
  sheet.put({ ...of, name: 'redeemed from new' }, pools.redeemedFromNewWei);
  const held =
    BigInt(pools.newRevenueWei) -
    BigInt(pools.redeemedFromNewWei) +
    BigInt(pools.claimableWei) +
    BigInt(pools.redeemableWei);
  sheet.put({ ...of, name: 'held' }, held);
}
