import type { Address } from '../../../src/address.js';
import { EMPTY_ROOT } from '../../../src/chain/rpc/blocks/orderedTrie.js';
import { loadKeccak256 } from '../../../src/proofs/keccak.js';
import { addressWord } from '../hex.js';
import { BLOCK_SECONDS, GENESIS_TIME } from '../spec.js';
import { Versions } from '../versions.js';
import type { ModelContract } from './contract.js';
import { type Frame, framesOf } from './frame.js';
import { hashOfHeader, type OwnFields } from './header.js';
import { type Receipt, receiptOf, receiptsRootOf, unionOf } from './receipts.js';

const keccak256 = await loadKeccak256();

export interface Transaction {
  readonly hash: string;
  readonly frame: Frame;
  readonly receipt: Receipt;
}

/** A block with its place; its header but for the parent's hash. */
export interface Block extends Omit<OwnFields, 'parentHash'> {
  readonly transactions: readonly Transaction[];
}

const EMPTY_BLOOM = `0x${'0'.repeat(512)}`;

/** Blocks, and what is looked up in them. */
export class GeneratedChain {
  /** By height; those between, and after the last one, are empty. */
  private readonly filled = new Map<number, Block>();
  private readonly hashes: string[] = [];
  private readonly heights = new Map<string, number>();
  private readonly heightsWithLogsOf = new Map<string, number[]>();
  private readonly heightsWithCallsOf = new Map<string, number[]>();
  readonly contracts = new Map<string, ModelContract>();
  /** Nothing changes in an empty block. */
  private readonly stateRoots = new Versions<string>();

  constructor(private readonly seed: number) {
    this.mine([]);
  }

  get head(): number {
    return this.hashes.length - 1;
  }

  get next(): { readonly number: number; readonly time: number } {
    const number = this.hashes.length;
    return { number, time: timeOf(number) };
  }

  /** Adds a block; a frame for each transaction. */
  mine(frames: readonly Frame[]): void {
    const { number, time } = this.next;
    if (frames.length > 0) this.fill(number, time, frames);
    const hash = hashOfHeader(this.ownFields(number));
    this.hashes.push(hash);
    this.heights.set(hash, number);
  }

  mineEmpty(count: number): void {
    for (let left = count; left > 0; left--) this.mine([]);
  }

  hashOf(number: number): string | null {
    return this.hashes[number] ?? null;
  }

  heightOf(hash: string): number | null {
    return this.heights.get(hash) ?? null;
  }

  ownFields(number: number): OwnFields {
    const parentHash = this.hashes[number - 1] ?? addressWord('0x0');
    return { ...this.block(number), parentHash };
  }

  block(number: number): Block {
    return this.filled.get(number) ?? this.emptyBlock(number);
  }

  /** Ascending: every block with a transaction in a range. */
  *filledIn(from: number, to: number): Generator<number> {
    for (let number = from; number <= to; number++) if (this.filled.has(number)) yield number;
  }

  /** Ascending: blocks with a log of an address, or with a call of it. */
  heightsOf(kind: 'logs' | 'calls', address: string): readonly number[] {
    const heights = kind === 'logs' ? this.heightsWithLogsOf : this.heightsWithCallsOf;
    return heights.get(address) ?? [];
  }

  /** The place of a transaction, which its hash names. */
  placeOf(hash: string): { readonly number: number; readonly index: number } | null {
    const number = Number(`0x${hash.slice(50, 60)}`);
    const index = Number(`0x${hash.slice(60)}`);
    const found = this.filled.get(number)?.transactions[index];
    return found?.hash === hash ? { number, index } : null;
  }

  private fill(number: number, time: number, frames: readonly Frame[]): void {
    const transactions = frames.map(
      (frame, index): Transaction => ({
        hash: this.transactionHash(number, index),
        frame,
        receipt: receiptOf(frame),
      }),
    );
    const receipts = transactions.map(({ receipt }) => receipt);
    const stateRoot = hashText(`state ${this.seed} ${number}`);
    this.stateRoots.set(number, stateRoot);
    this.filled.set(number, {
      number,
      time,
      stateRoot,
      transactionsRoot: hashText(`transactions ${this.seed} ${number}`),
      receiptsRoot: receiptsRootOf(receipts),
      logsBloom: `0x${unionOf(receipts.map(({ bloom }) => bloom)).toString('hex')}`,
      gasUsed: receipts.reduce((sum, { gasUsed }) => sum + gasUsed, 0),
      transactions,
    });
    for (const { frame, receipt } of transactions) {
      for (const { address } of receipt.logs) note(this.heightsWithLogsOf, address, number);
      for (const { frame: inner } of framesOf(frame)) {
        note(this.heightsWithCallsOf, inner.to, number);
      }
    }
  }

  /** Ends with its place, so that it can be found without a table. */
  private transactionHash(number: number, index: number): string {
    const place = number.toString(16).padStart(10, '0') + index.toString(16).padStart(6, '0');
    return hashText(`transaction ${this.seed} ${number} ${index}`).slice(0, 50) + place;
  }

  private emptyBlock(number: number): Block {
    return {
      number,
      time: timeOf(number),
      stateRoot: this.stateRoots.at(number) ?? EMPTY_ROOT,
      transactionsRoot: EMPTY_ROOT,
      receiptsRoot: EMPTY_ROOT,
      logsBloom: EMPTY_BLOOM,
      gasUsed: 0,
      transactions: [],
    };
  }
}

export function timeOf(number: number): number {
  return GENESIS_TIME + BLOCK_SECONDS * number;
}

function note(heights: Map<string, number[]>, address: Address, number: number): void {
  const known = heights.get(address);
  if (known === undefined) heights.set(address, [number]);
  else if (known.at(-1) !== number) known.push(number);
}

function hashText(text: string): string {
  return `0x${Buffer.from(keccak256(Buffer.from(text))).toString('hex')}`;
}
