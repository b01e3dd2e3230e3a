import type { SeededRandom } from '../../../devnet/random.js';

/** Draws like from a shuffled bag: every item comes once before any of them comes again. */
export class ShuffleBag<Item> {
  /** How often each item was drawn. */
  readonly counts: Map<Item, number>;
  private left: Item[] = [];

  constructor(
    private readonly random: SeededRandom,
    private readonly items: readonly Item[],
  ) {
    this.counts = new Map(items.map((item) => [item, 0]));
  }

  /**
   * @param isPossible what can be drawn now; the others stay in the bag
   * @throws RangeError if nothing is possible
   */
  draw(isPossible: (item: Item) => boolean = () => true): Item {
    const inBag = this.left.find(isPossible);
    if (inBag === undefined) {
      const possible = this.items.filter(isPossible);
      if (possible.length === 0) throw new RangeError('nothing in the bag is possible');
      // What has waited in the bag still comes first.
      const drawn = this.items.filter((item) => !this.left.includes(item));
      this.left.push(...this.random.shuffled(drawn));
      return this.draw(isPossible);
    }
    this.left.splice(this.left.indexOf(inBag), 1);
    this.counts.set(inBag, (this.counts.get(inBag) ?? 0) + 1);
    return inBag;
  }
}
