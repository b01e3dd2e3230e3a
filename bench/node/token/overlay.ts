import type { Address } from '../../../src/address.js';
import type { Figures, TokenState, WritableState } from './state.js';

/** A state that a simulation changes; the one below stays as it is. */
export class OverlayState implements WritableState {
  figures: Figures;
  /** By account: what it held, before the snapshots and now. */
  private readonly balances = new Map<Address, { readonly before: number; balance: bigint }[]>();
  private readonly snapshots = new Map<number, { claimableWei: bigint; supply: bigint }>();
  private readonly claimedWei = new Map<number, bigint>();
  private readonly claims = new Set<string>();

  constructor(private readonly base: TokenState) {
    this.figures = base.figures;
  }

  setFigures(changed: Partial<Figures>): void {
    this.figures = { ...this.figures, ...changed };
  }

  balanceOf(account: Address): bigint {
    return this.balances.get(account)?.at(-1)?.balance ?? this.base.balanceOf(account);
  }

  setBalance(account: Address, balance: bigint): void {
    const known = this.balances.get(account) ?? [];
    this.balances.set(account, known);
    known.push({ before: this.figures.lastId + 1, balance });
  }

  claimable(id: number): bigint {
    return this.snapshots.get(id)?.claimableWei ?? this.base.claimable(id);
  }

  claimed(id: number): bigint {
    return this.claimedWei.get(id) ?? this.base.claimed(id);
  }

  supplyAt(id: number): bigint {
    return this.snapshots.get(id)?.supply ?? this.base.supplyAt(id);
  }

  balanceAt(account: Address, id: number): bigint {
    if (!this.snapshots.has(id)) return this.base.balanceAt(account, id);
    const own = this.balances.get(account)?.findLast(({ before }) => before <= id);
    return own?.balance ?? this.base.balanceOf(account);
  }

  addSnapshot(claimableWei: bigint): void {
    const { lastId, supply } = this.figures;
    this.snapshots.set(lastId + 1, { claimableWei, supply });
  }

  addClaim(account: Address, id: number, amountWei: bigint): void {
    this.claims.add(`${account} ${id}`);
    this.claimedWei.set(id, this.claimed(id) + amountWei);
  }

  hasClaimed(account: Address, id: number): boolean {
    return this.claims.has(`${account} ${id}`) || this.base.hasClaimed(account, id);
  }
}
