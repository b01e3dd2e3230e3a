// SPDX-License-Identifier: GPL-3.0-or-later
import type { TransactionRequest } from './chain.js';
import { readContract } from './deploy.js';
import { actAs, type Holder } from './holder.js';
import { play, type Stage } from './offering.js';
import type { OfferingToken } from './offeringContracts.js';
import { drawPayingBy, fillSale, isOpen, type OfferingSale } from './offeringSales.js';
import { caller, drawSettling } from './saleActions.js';
import { deployFixedPrice, deployLbp } from './saleContracts.js';
import { approvalsFor, mineInParts } from './saleWorld.js';

/** What a pool begins with, in whole units, and how long it is open. */
export interface PoolTerms {
  readonly symbol: OfferingToken['symbol'];
  readonly label: string;
  readonly dollars: bigint;
  readonly tokens: bigint;
  readonly days: number;
}

const UNIT = 10n ** 18n;
const FIXED_PRICE_TOKENS = 4_000_000n * UNIT;
/** Token units for a wei. */
const FIXED_PRICE_RATE = 4_000n;

/** Lists a token: a pool opens in which it is bought and sold for DAI. */
export async function openPool(stage: Stage, terms: PoolTerms): Promise<void> {
  const { offering, blocks } = stage;
  const { founder, sales } = offering;
  const { symbol, label, dollars, tokens, days } = terms;
  const token = tokenOf(stage, symbol);
  const endTime = blocks.timestamp + days * 86_400;
  const raiseAsset = sales.dollar.address;
  const contract = await deployLbp(sales.chain, {
    from: founder,
    token: token.address,
    raiseAsset,
    virtualAssets: dollars * UNIT,
    virtualShares: tokens * UNIT,
    endTime,
    manager: sales.treasury,
  });
  await blocks.catchUp();
  const terminal = { fate: null, target: 0n, endTime };
  const pool: OfferingSale = { kind: 'lbp', label, contract, raiseAsset, token, ...terminal };
  sales.sales.push(pool);
  await play(stage, [fillSale(stage, pool, tokens * UNIT)]);
  await mineInParts(blocks, approvalsFor(sales, pool));
}

/** Closes the pools that are over; the buyers take the tokens. */
export async function closePools(stage: Stage): Promise<void> {
  const { founder, sales } = stage.offering;
  for (const pool of sales.sales) {
    if (pool.kind !== 'lbp' || isOpen(stage, pool)) continue;
    const act = caller(pool);
    const redeemers: Holder[] = [];
    for (const holder of sales.participants) {
      const { address } = holder;
      const shares = await readContract(sales.chain, pool.contract, 'purchasedShares', [address]);
      if (shares > 0n) redeemers.push(holder);
    }
    await play(stage, [
      actAs({ kind: 'account', address: founder }, act('close')),
      ...redeemers.map((holder) => actAs(holder, act('redeem', [holder.address, false]))),
    ]);
  }
}

/** Opens a sale for ETH at one price, which stays open. */
export async function openFixedPrice(
  stage: Stage,
  { symbol, label }: Pick<PoolTerms, 'symbol' | 'label'>,
): Promise<void> {
  const { offering, blocks } = stage;
  const { founder, sales } = offering;
  const token = tokenOf(stage, symbol);
  const contract = await deployFixedPrice(sales.chain, {
    from: founder,
    token: token.address,
    rate: FIXED_PRICE_RATE,
    wallet: sales.treasury,
  });
  await blocks.catchUp();
  const terminal = { raiseAsset: null, fate: null, target: 0n, endTime: null };
  const sale: OfferingSale = { kind: 'fixed-price', label, contract, token, ...terminal };
  sales.sales.push(sale);
  await play(stage, [fillSale(stage, sale, FIXED_PRICE_TOKENS)]);
}

/** Somebody buys at the fixed price, or trades in a pool; null while neither is open. */
export async function drawTrade(stage: Stage): Promise<TransactionRequest | null> {
  const { random, offering } = stage;
  const open = offering.sales.sales.filter(
    (sale) => sale.kind !== 'launchpad' && isOpen(stage, sale),
  );
  return open.length === 0 ? null : drawPayingBy(stage, random.pick(open));
}

/** Somebody comes late to the launchpad, for tokens or a refund; it may be taken already. */
export function drawLateSettlement({ random, offering }: Stage): TransactionRequest {
  const { sales } = offering;
  const holder = random.pick(sales.participants);
  return actAs(holder, drawSettling(sales, sales.launchpad, holder));
}

function tokenOf({ offering }: Stage, symbol: OfferingToken['symbol']): OfferingToken {
  const token = offering.tokens.find((candidate) => candidate.symbol === symbol);
  if (token === undefined) throw new RangeError(`no token ${symbol} is offered`);
  return token;
}
