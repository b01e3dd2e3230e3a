/** Values over time: each holds from its block until the next one. */
export class Versions<Value> {
  private readonly blocks: number[] = [];
  private readonly values: Value[] = [];

  /** @param block not before that of the last value */
  set(block: number, value: Value): void {
    this.blocks.push(block);
    this.values.push(value);
  }

  /** At the end of a block; of several in one block, the last. */
  at(block: number): Value | undefined {
    return this.values[countUpTo(this.blocks, block) - 1];
  }

  get last(): Value | undefined {
    return this.values.at(-1);
  }

  /** The last value that a rule holds for; it must hold for the first ones only. */
  lastWhere(holds: (value: Value) => boolean): Value | undefined {
    let low = 0;
    let high = this.values.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (holds(this.values[middle] as Value)) low = middle + 1;
      else high = middle;
    }
    return this.values[low - 1];
  }
}

/** How many of some ascending numbers are not above a limit. */
export function countUpTo(ascending: readonly number[], limit: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? 0) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
