// SPDX-License-Identifier: GPL-3.0-or-later
import { encodeCall, readContract } from './deploy.js';
import type { Action, Holder } from './holder.js';
import type { LivingSale, SaleWorld } from './saleWorld.js';

const GREATEST_PAYMENT = 10n ** 19n;

/** A call of a sale while it is open, by that participant; it may well revert. */
export async function drawPaying(
  world: SaleWorld,
  sale: LivingSale,
  holder: Holder,
): Promise<Action> {
  const { random, participants } = world;
  const call = caller(sale);
  if (random.chance(4)) return drawSettling(world, sale, holder);
  const beneficiary = random.chance(70) ? holder.address : random.pick(participants).address;
  const amount = drawPayment(world, sale);
  switch (sale.kind) {
    case 'launchpad':
      if (sale.raiseAsset !== null) {
        return beneficiary === holder.address
          ? call('deposit(uint256)', [amount])
          : call('depositFor(address,uint256)', [beneficiary, amount]);
      }
      if (beneficiary !== holder.address) {
        return call('depositFor(address)', [beneficiary], amount);
      }
      if (random.chance(50)) return call('deposit()', [], amount);
      return { target: sale.contract.address, data: '0x', valueWei: amount };
    case 'fixed-price':
      if (sale.raiseAsset !== null) {
        return call('buyTokens(address,uint256)', [beneficiary, amount]);
      }
      return call('buyTokens(address)', [beneficiary], amount);
    case 'lbp':
      return drawTrade(world, sale, holder, beneficiary, amount);
    case 'custom':
      return call('deposit', [amount]);
  }
}

/** A call of a sale that is over: claims, refunds, finalisations, on behalf of others too. */
export function drawSettling(
  { random, participants }: SaleWorld,
  sale: LivingSale,
  holder: Holder,
) {
  const call = caller(sale);
  const beneficiary = random.pick(participants).address;
  switch (sale.kind) {
    case 'launchpad':
      return random.weighted<Action>([
        [call('claim'), 30],
        [call('refund'), 30],
        [call('claimFor', [beneficiary]), 15],
        [call('refundFor', [beneficiary]), 15],
        [call('finalize'), 4],
      ]);
    case 'fixed-price':
      return random.chance(3) ? call('finalize') : call('rate');
    case 'lbp':
      return random.chance(30) ? call('close') : call('redeem', [holder.address, false]);
    case 'custom':
      return random.chance(6) ? call('finish') : call('harvest');
  }
}

/** The deposit that brings a launchpad to its target exactly. */
export async function lastDeposit({ chain }: SaleWorld, sale: LivingSale): Promise<Action> {
  const missing = sale.target - (await readContract(chain, sale.contract, 'totalRaised'));
  const call = caller(sale);
  return sale.raiseAsset === null
    ? call('deposit()', [], missing)
    : call('deposit(uint256)', [missing]);
}

function drawPayment({ random, drawPayment }: SaleWorld, sale: LivingSale): bigint {
  if (drawPayment !== undefined) return drawPayment(random, sale);
  if (sale.fate === 'empty') return 0n;
  if (sale.fate === 'exact') return 1n + random.amount(10n ** 6n);
  const amount = random.amount(GREATEST_PAYMENT);
  // Rate times payment must fit what a sale at a fixed price was given.
  return sale.kind === 'fixed-price' ? 1n + (amount % 10n ** 16n) : amount;
}

async function drawTrade(
  { random, chain }: SaleWorld,
  sale: LivingSale,
  holder: Holder,
  recipient: string,
  amount: bigint,
): Promise<Action> {
  const call = caller(sale);
  const held = await readContract(chain, sale.contract, 'purchasedShares', [holder.address]);
  if (held > 0n && random.chance(45)) {
    const shares = random.weighted([
      [random.bigint(held), 8],
      [held, 2],
      [held + 1n, 1],
    ]);
    return call('swapExactSharesForAssets', [shares, 0n, recipient]);
  }
  if (random.chance(40)) {
    const shares = random.amount(10_000n * 10n ** 18n);
    return call('swapAssetsForExactShares', [shares, 10n ** 25n, recipient]);
  }
  return call('swapExactAssetsForShares', [amount, random.chance(5) ? 10n ** 40n : 0n, recipient]);
}

/** Calls of a sale's functions. */
export function caller({ contract }: LivingSale) {
  return (name: string, args: readonly unknown[] = [], valueWei = 0n): Action => ({
    target: contract.address,
    data: encodeCall(contract, name, args),
    valueWei,
  });
}
