/**
 * Adds all of `more` to a list. `push(...more)` passes each as an argument, of which there may be about
 * 100,000: anybody can send a transaction with more frames.
 */
export function append<T>(list: T[], more: Iterable<T>): void {
  for (const item of more) list.push(item);
}
