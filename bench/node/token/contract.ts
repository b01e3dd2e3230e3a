import { AbiCoder } from 'ethers';
import { functions as erc20 } from '../../../src/abi/erc20.js';
import { events, functions } from '../../../src/abi/erc7641.js';
import type { Address } from '../../../src/address.js';
import {
  type ContractCall,
  type Executed,
  type ModelContract,
  NotModelledError,
  type Trial,
} from '../chain/contract.js';
import type { EmittedLog, Frame } from '../chain/frame.js';
import { addressOf, addressWord, argument, word, ZERO_ADDRESS } from '../hex.js';
import { benchHolder, benchTransfers } from './benchCalls.js';
import { TokenHistory } from './history.js';
import { OverlayState } from './overlay.js';
import * as rules from './rules.js';
import type { Terms, TokenState, WritableState } from './state.js';
import { storageWord } from './storage.js';

/** Functions that `RevShareBench.sol` has besides those of ERC-7641. */
export const BENCH = { distribute: '0xfe29de70', transfers: '0x8bf23d00' };
const BALANCE_OF_AT = '0x4ee2cd7e';
const TOTAL_SUPPLY_AT = '0x981b24d0';
const BENCH_HOLDER = '0x5b081706';
const ALLOWANCE = '0xdd62ed3e';
/** Functions of the contract that the model leaves out. */
const LEFT_OUT = new Set(
  '0x095ea7b3 0x62abebce 0xa457c2d7 0x98b1e06a 0x3644e515 0x84b0196e 0x39509351 0x7ecebe00 0xd505accf 0x23b872dd'.split(
    ' ',
  ),
);

const text = (value: string) => AbiCoder.defaultAbiCoder().encode(['string'], [value]);
const DECIMALS = word(18);

export interface TokenNames {
  readonly name: string;
  readonly symbol: string;
}

/** A model of `contracts/RevShareBench.sol`. */
export class TokenContract implements ModelContract {
  readonly history = new TokenHistory();
  private readonly texts: { readonly name: string; readonly symbol: string };

  constructor(
    readonly address: Address,
    readonly createdIn: number,
    readonly code: string,
    readonly terms: Terms,
    names: TokenNames,
  ) {
    this.texts = { name: text(names.name), symbol: text(names.symbol) };
  }

  /** What its constructor does. */
  create(creator: Address, supply: bigint, time: number): EmittedLog[] {
    const { history } = this;
    history.setFigures({ lastSnapshotTime: BigInt(time) });
    rules.mint(history, creator, supply);
    history.written();
    return [this.transferLog(ZERO_ADDRESS, creator, supply)];
  }

  /** A call in the block that the history has entered. */
  run(call: ContractCall): Executed {
    const executed = this.execute(this.history, call);
    if (call.data !== '0x') this.history.written();
    return executed;
  }

  balanceAt(block: number): bigint {
    return this.history.at(block).figures.balanceWei;
  }

  storageHashAt(block: number): string {
    return `${this.address}${this.history.writesAt(block).toString(16).padStart(24, '0')}`;
  }

  storageWordAt(block: number, slot: bigint): bigint {
    const found = storageWord(this.history.at(block), slot);
    if (found === null) throw new NotModelledError(`slot ${slot} of ${this.address}`);
    return found;
  }

  trialAt(block: number): Trial {
    const state = new OverlayState(this.history.at(block));
    return {
      get balanceWei() {
        return state.figures.balanceWei;
      },
      set balanceWei(balanceWei: bigint) {
        state.setFigures({ balanceWei });
      },
      execute: (call) => this.execute(state, call),
    };
  }

  private execute(state: WritableState, { from, valueWei, data, time }: ContractCall): Executed {
    if (data === '0x') {
      rules.receive(state, valueWei);
      return { output: '0x', inner: [] };
    }
    // Nothing else is payable.
    if (valueWei > 0n) throw new rules.Revert('');
    const { terms } = this;
    switch (data.slice(0, 10)) {
      case functions.snapshot.selector: {
        const id = word(rules.snapshot(state, terms, BigInt(time)));
        const log = { address: this.address, topics: [events.Snapshot.topic], data: id };
        return { output: id, inner: [log] };
      }
      case functions.claim.selector: {
        const paidWei = rules.claim(state, terms, from, this.number(data, 0));
        return { output: '0x', inner: [this.payment(from, paidWei)] };
      }
      case functions.burn.selector: {
        const amount = this.number(data, 0);
        const paidWei = rules.burn(state, terms, from, amount);
        const log = this.transferLog(from, ZERO_ADDRESS, amount);
        return { output: '0x', inner: [log, this.payment(from, paidWei)] };
      }
      case erc20.transfer.selector: {
        const log = this.move(state, from, this.account(data, 0), this.number(data, 1));
        return { output: word(1), inner: [log] };
      }
      case BENCH.distribute:
        return { output: '0x', inner: this.distribute(state, from, data) };
      case BENCH.transfers: {
        const [seed, count, holders] = [0, 1, 2].map((index) => this.number(data, index));
        const made = benchTransfers(seed ?? 0n, Number(count), holders ?? 0n);
        const logs = made.map(({ from: sender, to, part }) =>
          this.move(state, sender, to, (state.balanceOf(sender) >> 22n) * part),
        );
        return { output: '0x', inner: logs };
      }
      default:
        return { output: this.view(state, data), inner: [] };
    }
  }

  private view(state: TokenState, data: string): string {
    const { terms, texts } = this;
    const selector = data.slice(0, 10);
    switch (selector) {
      case functions.name.selector:
        return texts.name;
      case functions.symbol.selector:
        return texts.symbol;
      case functions.decimals.selector:
        return DECIMALS;
      case functions.totalSupply.selector:
        return word(state.figures.supply);
      case functions.percentClaimable.selector:
        return word(terms.percent);
      case functions.SNAPSHOT_CLAIMABLE_NUMBER.selector:
        return word(terms.window);
      case functions.snapshotInterval.selector:
        return word(terms.interval);
      case functions.lastSnapshotTimestamp.selector:
        return word(state.figures.lastSnapshotTime);
      case erc20.balanceOf.selector:
        return word(state.balanceOf(this.account(data, 0)));
      case functions.claimableRevenue.selector: {
        const id = this.number(data, 1);
        return word(rules.claimableWei(state, terms, this.account(data, 0), id));
      }
      case functions.redeemableOnBurn.selector:
        return word(rules.redeemableWei(state, terms, this.number(data, 0)));
      case BALANCE_OF_AT:
        return word(state.balanceAt(this.account(data, 0), this.snapshotId(state, data, 1)));
      case TOTAL_SUPPLY_AT:
        return word(state.supplyAt(this.snapshotId(state, data, 0)));
      case BENCH_HOLDER:
        return addressWord(benchHolder(Number(this.number(data, 0))));
      case ALLOWANCE:
        return word(0);
    }
    if (LEFT_OUT.has(selector)) throw new NotModelledError(`${selector} of ${this.address}`);
    // It has no fallback function.
    throw new rules.Revert('');
  }

  private distribute(state: WritableState, from: Address, data: string): EmittedLog[] {
    const logs: EmittedLog[] = [];
    for (let index = Number(this.number(data, 0)); index < this.number(data, 1); index++) {
      const amount = (state.balanceOf(from) >> 20n) * BigInt(1 + (index % 7));
      logs.push(this.move(state, from, benchHolder(index), amount));
    }
    return logs;
  }

  private snapshotId(state: TokenState, data: string, index: number): number {
    const id = this.number(data, index);
    if (id === 0n) throw new rules.Revert('ERC20Snapshot: id is 0');
    if (id > state.figures.lastId) throw new rules.Revert('ERC20Snapshot: nonexistent id');
    return Number(id);
  }

  private move(state: WritableState, from: Address, to: Address, amount: bigint): EmittedLog {
    rules.transfer(state, from, to, amount);
    return this.transferLog(from, to, amount);
  }

  private transferLog(from: Address, to: Address, amount: bigint): EmittedLog {
    const topics = [events.Transfer.topic, addressWord(from), addressWord(to)];
    return { address: this.address, topics, data: word(amount) };
  }

  private payment(to: Address, valueWei: bigint): Frame {
    const { address: from } = this;
    return { type: 'CALL', from, to, valueWei, input: '0x', output: '0x', inner: [] };
  }

  private number(data: string, index: number): bigint {
    const value = argument(data, index);
    if (value === null) throw new rules.Revert('');
    return value;
  }

  private account(data: string, index: number): Address {
    return addressOf(this.number(data, index));
  }
}
