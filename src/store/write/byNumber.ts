/**
 * Groups what is written by the number of its owner. Statements about a distributed table are of one owner each: a
 * cluster finds the node of its rows by `token_number = $1`, and refuses statements that take the number from rows.
 */
export function byNumber<Item>(
  items: readonly Item[],
  numberOf: (item: Item) => number,
): Map<number, Item[]> {
  const groups = new Map<number, Item[]>();
  for (const item of items) {
    const number = numberOf(item);
    const group = groups.get(number);
    if (group === undefined) groups.set(number, [item]);
    else group.push(item);
  }
  return groups;
}
