import type { Address } from '../../../src/address.js';
import type { ContractCall, Executed, ModelContract, Trial } from '../chain/contract.js';
import { NotModelledError } from '../chain/contract.js';
import { Versions } from '../versions.js';

/** What a contract of an offering needs of the chain. */
export interface Deployment {
  readonly address: Address;
  readonly createdIn: number;
  readonly code: string;
}

/** What a call from one contract to another runs in. */
export interface Surroundings {
  /** Runs a call of a contract of the model; an account without code takes what comes. */
  call(to: Address, call: ContractCall): Executed;
}

/** A contract of which balance, number of writes and views are known at every block. */
export abstract class RecordedContract implements ModelContract {
  readonly address: Address;
  readonly createdIn: number;
  readonly code: string;
  private readonly balances = new Versions<bigint>();
  private readonly writes = new Versions<number>();
  private entered = 0;

  constructor(deployment: Deployment) {
    this.address = deployment.address;
    this.createdIn = deployment.createdIn;
    this.code = deployment.code;
    this.entered = deployment.createdIn;
  }

  /** What follows happens in this block. */
  enter(block: number): void {
    this.entered = block;
  }

  abstract run(call: ContractCall, surroundings: Surroundings): Executed;

  /** What a view answers at the end of a block. @throws NotModelledError, Revert */
  abstract view(data: string, block: number): string;

  balanceAt(block: number): bigint {
    return this.balances.at(block) ?? 0n;
  }

  storageHashAt(block: number): string {
    const count = this.writes.at(block) ?? 0;
    return `${this.address}${count.toString(16).padStart(24, '0')}`;
  }

  storageWordAt(_block: number, slot: bigint): bigint {
    throw new NotModelledError(`slot ${slot} of ${this.address}`);
  }

  trialAt(block: number): Trial {
    return {
      balanceWei: this.balanceAt(block),
      execute: ({ data }) => ({ output: this.view(data, block), inner: [] }),
    };
  }

  protected get block(): number {
    return this.entered;
  }

  /** Something in the contract's storage changed. */
  protected written(): void {
    this.writes.set(this.block, (this.writes.last ?? 0) + 1);
  }

  protected get balanceWei(): bigint {
    return this.balances.last ?? 0n;
  }

  protected move(byWei: bigint): void {
    if (byWei !== 0n) this.balances.set(this.block, this.balanceWei + byWei);
  }
}
