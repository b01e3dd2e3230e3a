/** Options that all verbs have, and whether they take a value. */
const COMMON = new Map([
  ['--config', true],
  ['--verbose', false],
]);

/**
 * Puts common options that stand before the verb behind it: `--config x.yaml status` is
 * `status --config x.yaml`.
 *
 * @param args what follows the name of the program
 */
export function verbFirst(args: readonly string[]): readonly string[] {
  let end = 0;
  while (end < args.length) {
    const [name = '', value] = (args[end] ?? '').split(/=(.*)/s);
    const takesValue = COMMON.get(name);
    if (takesValue === undefined) break;
    end += takesValue && value === undefined ? 2 : 1;
  }
  const [verb, ...rest] = args.slice(end);
  return verb === undefined ? args : [verb, ...args.slice(0, end), ...rest];
}
