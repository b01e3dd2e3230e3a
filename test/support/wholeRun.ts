/** Options of vitest that choose tests. */
const CHOICES = /^(--project|--changed|--shard|--related|-t$|--testNamePattern)/;

/**
 * Whether a command line of vitest asks for all tests: `vitest run`, with options that choose none of them.
 * An argument that may be the name of a file counts as one.
 *
 * @param argv with the program and its script
 */
export function isWholeRun([, , verb, ...rest]: readonly string[]): boolean {
  return verb === 'run' && rest.every((arg) => arg.startsWith('-') && !CHOICES.test(arg));
}
