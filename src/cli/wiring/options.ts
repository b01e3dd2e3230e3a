import { type Command, InvalidArgumentError, type Option } from 'commander';
import type { Address } from '../../address.js';
import { addressField } from '../../config/file/fields.js';
import { parseMomentText, unixTimeHint } from '../../momentText.js';

/** Options that every verb has. */
export interface CommonOptions {
  readonly config: string;
}

export const DEFAULT_API_PORT = 4350;

const MAX_PORT = 65_535;

/** What the exit codes of a verb mean, where the usual words are not enough. */
export interface Exits {
  readonly 0?: string;
  readonly 1?: string;
}

/** The section of a help text that explains the exit codes. */
export function exitCodesText({ 0: success = 'done', 1: failure = FAILED }: Exits = {}): string {
  return `\n\nExit codes:\n  0  ${success}\n  1  ${failure}\n  2  the command line is wrong`;
}

const FAILED = 'failed: standard error has the code, the reason and what to do (docs/errors.md)';

/** A verb with the options that all of them have, and with an example and exit codes below its help. */
export function verb(
  program: Command,
  name: string,
  help: { summary: string; description: string; example: string; exits?: Exits },
): Command {
  return program
    .command(name)
    .summary(help.summary)
    .description(help.description)
    .option('--config <file>', 'the config: which chains and contracts', 'imo.yaml')
    .option('--verbose', 'show the stack of an error')
    .addHelpText(
      'after',
      `\nExample:\n${help.example.replace(/^/gm, '  $ ')}${exitCodesText(help.exits)}`,
    );
}

/** For commander: an option that may be repeated; its values in their order. */
export function collect(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

/** For commander: as `collect`, of addresses. */
export function collectAddresses(
  text: string,
  before: readonly Address[] = [],
): readonly Address[] {
  return [...new Set([...before, parseAddress(text)])];
}

const REPEATABLE: readonly unknown[] = [collect, collectAddresses];

/**
 * Rejects an option with a value that is given twice, or both ways (`--x 5 --no-x`): only the last
 * would count. A flag may be repeated, as may the options that collect their values.
 */
export function refuseRepeatedOptions(command: Command): void {
  const given = new Map<string, Option>();
  for (const option of command.options) {
    if (option.variadic || REPEATABLE.includes(option.parseArg)) continue;
    const name = option.attributeName();
    command.on(`option:${option.name()}`, () => {
      const before = given.get(name);
      given.set(name, option);
      if (before === undefined) return;
      if (before !== option) {
        command.error(`error: ${before.long} and ${option.long} contradict each other`);
      }
      if (option.required) command.error(`error: ${option.long} is given more than once`);
    });
  }
}

/** For commander: a whole number that is not negative. */
export function parseWholeNumber(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value;
  throw new InvalidArgumentError('It must be a whole number, e.g. 20000000.');
}

/** For commander: a whole number of things of which there must be one at least. */
export function parseCount(text: string): number {
  const value = parseWholeNumber(text);
  if (value > 0) return value;
  throw new InvalidArgumentError('It must be a whole number from 1 on.');
}

/** For commander: a block; what is a year or a Unix time to people is refused. */
export function parseBlockNumber(text: string): number {
  const named = parseMomentText(text);
  if (named === null || !('block' in named)) {
    const hint = named === null ? '' : ` ${text} names a time: block:${text} is the block.`;
    throw new InvalidArgumentError(`It must be a block number, e.g. 20000000.${hint}`);
  }
  const meant = text.startsWith('block:') ? null : unixTimeHint(named.block);
  if (meant === null) return named.block;
  throw new InvalidArgumentError(`It must be a block number: ${text} looks like a Unix time.`);
}

/** For commander: an address, in lower case from here on. */
export function parseAddress(text: string): Address {
  const parsed = addressField.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError(parsed.error.issues[0]?.message ?? 'It must be an address.');
}

/** For commander: a TCP port; 0 means any free one. */
export function parsePort(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= MAX_PORT) return value;
  throw new InvalidArgumentError(`It must be a port number, 0 to ${MAX_PORT}.`);
}
