import { type Command, InvalidArgumentError } from 'commander';
import type { Address } from '../../address.js';
import { addressField } from '../../config/file/fields.js';

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

/** For commander: a whole number that is not negative. */
export function parseWholeNumber(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value;
  throw new InvalidArgumentError('It must be a whole number, e.g. 20000000.');
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
