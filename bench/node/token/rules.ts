import type { Address } from '../../../src/address.js';
import { ZERO_ADDRESS } from '../hex.js';
import type { Terms, TokenState, WritableState } from './state.js';

/** What `RevShareWindowed.sol` reverts with: a reason, or the number of a panic. */
export class Revert extends Error {
  override readonly name = 'Revert';

  constructor(readonly reason: string | number) {
    super(typeof reason === 'string' ? reason : `panic 0x${reason.toString(16)}`);
  }
}

const OVERFLOW = 0x11;
const DIVISION_BY_ZERO = 0x12;

/** Solidity's checked subtraction. */
function minus(a: bigint, b: bigint): bigint {
  if (b > a) throw new Revert(OVERFLOW);
  return a - b;
}

function dividedBy(a: bigint, b: bigint): bigint {
  if (b === 0n) throw new Revert(DIVISION_BY_ZERO);
  return a / b;
}

/** `N` = B + r - R - what is unclaimed in the last W snapshots. */
function newRevenueWei(state: TokenState, { window }: Terms): bigint {
  const { balanceWei, redeemedFromNewWei, redeemPoolWei, lastId } = state.figures;
  let pool = 0n;
  for (let id = lastId; id > 0 && id > lastId - window; id--) {
    pool += minus(state.claimable(id), state.claimed(id));
  }
  return minus(minus(balanceWei + redeemedFromNewWei, redeemPoolWei), pool);
}

interface Redeemable {
  readonly fromNewWei: bigint;
  readonly fromPoolWei: bigint;
}

function redeemable(state: TokenState, terms: Terms, amount: bigint): Redeemable {
  const { supply, redeemPoolWei, redeemedFromNewWei } = state.figures;
  const shared = (newRevenueWei(state, terms) * (100n - terms.percent)) / 100n;
  const open = minus(shared, redeemedFromNewWei);
  return {
    fromNewWei: dividedBy(amount * open, supply),
    fromPoolWei: dividedBy(amount * redeemPoolWei, supply),
  };
}

/** `redeemableOnBurn(uint256)` */
export function redeemableWei(state: TokenState, terms: Terms, amount: bigint): bigint {
  const { fromNewWei, fromPoolWei } = redeemable(state, terms, amount);
  return fromNewWei + fromPoolWei;
}

/** `claimableRevenue(address,uint256)`, with its reverts in the contract's order. */
export function claimableWei(
  state: TokenState,
  { window }: Terms,
  account: Address,
  id: bigint,
): bigint {
  const { lastId } = state.figures;
  const known = id <= BigInt(lastId) ? Number(id) : null;
  if (known !== null && state.hasClaimed(account, known)) throw new Revert('already claimed');
  if (known === null) throw new Revert(OVERFLOW);
  if (lastId - known >= window) throw new Revert('snapshot unclaimable');
  if (known === 0) throw new Revert('ERC20Snapshot: id is 0');
  const share = state.balanceAt(account, known) * state.claimable(known);
  return dividedBy(share, state.supplyAt(known));
}

export function receive(state: WritableState, valueWei: bigint): void {
  state.setFigures({ balanceWei: state.figures.balanceWei + valueWei });
}

export function mint(state: WritableState, account: Address, amount: bigint): void {
  state.setFigures({ supply: state.figures.supply + amount });
  state.setBalance(account, state.balanceOf(account) + amount);
}

export function transfer(state: WritableState, from: Address, to: Address, amount: bigint): void {
  if (to === ZERO_ADDRESS) throw new Revert('ERC20: transfer to the zero address');
  const balance = state.balanceOf(from);
  if (balance < amount) throw new Revert('ERC20: transfer amount exceeds balance');
  state.setBalance(from, balance - amount);
  state.setBalance(to, state.balanceOf(to) + amount);
}

/** @returns the id of the snapshot */
export function snapshot(state: WritableState, terms: Terms, time: bigint): number {
  const { lastSnapshotTime, lastId, redeemPoolWei, redeemedFromNewWei } = state.figures;
  if (minus(time, lastSnapshotTime) <= terms.interval) {
    throw new Revert('snapshot interval is too short');
  }
  const newWei = newRevenueWei(state, terms);
  const assigned = (newWei * terms.percent) / 100n;
  const id = lastId + 1;
  const left = id - terms.window;
  const rolledOver = left < 1 ? 0n : minus(state.claimable(left), state.claimed(left));
  state.addSnapshot(assigned + rolledOver);
  state.setFigures({
    lastId: id,
    lastSnapshotTime: time,
    redeemPoolWei: redeemPoolWei + minus(minus(newWei, assigned), redeemedFromNewWei),
    redeemedFromNewWei: 0n,
  });
  return id;
}

/** @returns wei that are paid to the account */
export function claim(state: WritableState, terms: Terms, account: Address, id: bigint): bigint {
  const amountWei = claimableWei(state, terms, account, id);
  if (amountWei === 0n) throw new Revert('no claimable ETH');
  state.addClaim(account, Number(id), amountWei);
  state.setFigures({ balanceWei: state.figures.balanceWei - amountWei });
  return amountWei;
}

/** @returns wei that are paid to the account */
export function burn(state: WritableState, terms: Terms, account: Address, amount: bigint): bigint {
  const { fromNewWei, fromPoolWei } = redeemable(state, terms, amount);
  const balance = state.balanceOf(account);
  if (balance < amount) throw new Revert('ERC20: burn amount exceeds balance');
  state.setBalance(account, balance - amount);
  const { figures } = state;
  state.setFigures({
    supply: figures.supply - amount,
    redeemPoolWei: minus(figures.redeemPoolWei, fromPoolWei),
    redeemedFromNewWei: figures.redeemedFromNewWei + fromNewWei,
    balanceWei: figures.balanceWei - fromNewWei - fromPoolWei,
  });
  return fromNewWei + fromPoolWei;
}
