// SPDX-License-Identifier: GPL-3.0-or-later
import { id } from 'ethers';

/**
 * A seeded source of pseudo-random choices (the sfc32 generator): the same seed gives the same
 * choices on every machine. Not for secrets.
 */
export class SeededRandom {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(readonly seed: number | bigint | string) {
    const hash = id(`imo-ledger devnet ${seed}`);
    this.#a = Number.parseInt(hash.slice(2, 10), 16) | 0;
    this.#b = Number.parseInt(hash.slice(10, 18), 16) | 0;
    this.#c = Number.parseInt(hash.slice(18, 26), 16) | 0;
    for (let round = 0; round < 12; round += 1) this.uint32();
  }

  /** A source of its own, which does not shift the choices of this one. */
  fork(label: string): SeededRandom {
    return new SeededRandom(`${this.seed}/${label}`);
  }

  /** 0 … 2³²−1. */
  uint32(): number {
    const result = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + result) | 0;
    return result >>> 0;
  }

  /** A whole number from `minimum` to `maximum`, both included; the range fits 32 bits. */
  integer(minimum: number, maximum: number): number {
    return minimum + (this.uint32() % (maximum - minimum + 1));
  }

  /** A big integer from 0 to `maximum`, both included. */
  bigint(maximum: bigint): bigint {
    let value = 0n;
    // 64 bits more than needed, so that the remainder is almost even.
    for (let bits = maximum.toString(2).length + 64; bits > 0; bits -= 32) {
      value = (value << 32n) | BigInt(this.uint32());
    }
    return value % (maximum + 1n);
  }

  /** An amount from 0 to `maximum` whose number of digits is as even as its leading ones. */
  amount(maximum: bigint): bigint {
    const digits = this.integer(0, maximum.toString().length);
    const ceiling = 10n ** BigInt(digits);
    return this.bigint(ceiling < maximum ? ceiling : maximum);
  }

  /** True in `percent` of 100 cases. */
  chance(percent: number): boolean {
    return this.uint32() % 100 < percent;
  }

  /** One of the items. @throws RangeError when there are none. */
  pick<Item>(items: readonly Item[]): Item {
    if (items.length === 0) throw new RangeError('cannot pick one of no items');
    return items[this.uint32() % items.length] as Item;
  }

  /** One of the items, as often as its whole-number weight says. @throws RangeError on none. */
  weighted<Item>(choices: readonly (readonly [Item, number])[]): Item {
    const total = choices.reduce((sum, [, weight]) => sum + weight, 0);
    if (total === 0) throw new RangeError('cannot pick one of no items');
    let left = this.uint32() % total;
    for (const [item, weight] of choices) {
      if (left < weight) return item;
      left -= weight;
    }
    throw new RangeError('weights must not be negative');
  }

  /** The items in random order. */
  shuffled<Item>(items: readonly Item[]): Item[] {
    const keyed = items.map((item): [number, Item] => [this.uint32(), item]);
    return keyed.sort(([one], [other]) => one - other).map(([, item]) => item);
  }
}
