import type { Address } from '../../../src/address.js';
import { Versions } from '../versions.js';
import type { Figures, TokenState, WritableState } from './state.js';

interface BalanceVersion {
  /** Snapshots that were taken before. */
  readonly interval: number;
  readonly balance: bigint;
}

interface Snapshot {
  readonly claimableWei: bigint;
  readonly supply: bigint;
  readonly claimedWei: Versions<bigint>;
}

const NOTHING: Figures = {
  balanceWei: 0n,
  supply: 0n,
  redeemPoolWei: 0n,
  redeemedFromNewWei: 0n,
  lastSnapshotTime: 0n,
  lastId: 0,
};

/** The state of a token in every block so far; operations change the newest. */
export class TokenHistory implements WritableState {
  private readonly figuresOf = new Versions<Figures>();
  private readonly balances = new Map<Address, Versions<BalanceVersion>>();
  private readonly snapshots: Snapshot[] = [];
  /** By account and id: the block of the claim. */
  private readonly claims = new Map<string, number>();
  private readonly writes = new Versions<number>();
  private block = 0;

  /** What follows happens in this block. */
  enter(block: number): void {
    this.block = block;
  }

  get figures(): Figures {
    return this.figuresOf.last ?? NOTHING;
  }

  setFigures(changed: Partial<Figures>): void {
    this.figuresOf.set(this.block, { ...this.figures, ...changed });
  }

  /** Something in the contract's storage changed. */
  written(): void {
    this.writes.set(this.block, (this.writes.last ?? 0) + 1);
  }

  balanceOf(account: Address): bigint {
    return this.balances.get(account)?.last?.balance ?? 0n;
  }

  setBalance(account: Address, balance: bigint): void {
    let versions = this.balances.get(account);
    if (versions === undefined) {
      versions = new Versions();
      this.balances.set(account, versions);
    }
    versions.set(this.block, { interval: this.snapshots.length, balance });
  }

  claimable(id: number): bigint {
    return this.snapshots[id - 1]?.claimableWei ?? 0n;
  }

  claimed(id: number): bigint {
    return this.snapshots[id - 1]?.claimedWei.last ?? 0n;
  }

  supplyAt(id: number): bigint {
    return this.snapshots[id - 1]?.supply ?? 0n;
  }

  balanceAt(account: Address, id: number): bigint {
    const before = this.balances.get(account)?.lastWhere(({ interval }) => interval < id);
    return before?.balance ?? 0n;
  }

  addSnapshot(claimableWei: bigint): void {
    const { supply } = this.figures;
    this.snapshots.push({ claimableWei, supply, claimedWei: new Versions() });
  }

  addClaim(account: Address, id: number, amountWei: bigint): void {
    this.claims.set(`${account} ${id}`, this.block);
    this.snapshots[id - 1]?.claimedWei.set(this.block, this.claimed(id) + amountWei);
  }

  hasClaimed(account: Address, id: number): boolean {
    return this.claims.has(`${account} ${id}`);
  }

  /** The state at the end of a block. */
  at(block: number): TokenState {
    const { snapshots, balances, claims } = this;
    const figures = this.figuresOf.at(block) ?? NOTHING;
    return {
      figures,
      balanceOf: (account) => balances.get(account)?.at(block)?.balance ?? 0n,
      claimable: (id) => (id <= figures.lastId ? this.claimable(id) : 0n),
      claimed: (id) => snapshots[id - 1]?.claimedWei.at(block) ?? 0n,
      supplyAt: (id) => this.supplyAt(id),
      balanceAt: (account, id) => this.balanceAt(account, id),
      hasClaimed: (account, id) => (claims.get(`${account} ${id}`) ?? Infinity) <= block,
    };
  }

  /** How often the storage had changed at the end of a block. */
  writesAt(block: number): number {
    return this.writes.at(block) ?? 0;
  }
}
