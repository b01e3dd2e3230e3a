import { getAddress } from 'ethers';
import { z } from 'zod';
import type { Address } from '../../address.js';
import { redactUrl } from '../redact.js';
import type { ConfigErrorCode } from './problem.js';
import { substituteEnv } from './substitute.js';

/** What our own checks add to zod's message. */
export interface ProblemParams {
  readonly code: ConfigErrorCode;
  readonly hint: string;
}

type Check = z.core.$RefinementCtx;

/** Adds a problem with our own code and hint. */
export function refuseField(
  context: Check,
  code: ConfigErrorCode,
  message: string,
  hint: string,
): void {
  const params: ProblemParams = { code, hint };
  context.addIssue({ code: 'custom', message, params: { ...params } });
}

/** Adds a problem of something further inside, which no code describes more closely. */
export function refuseAt(
  context: Check,
  path: readonly PropertyKey[],
  { reason, hint }: { reason: string; hint: string },
): void {
  const params: ProblemParams = { code: 'CONFIG_INVALID', hint };
  context.addIssue({ code: 'custom', message: reason, path: [...path], params: { ...params } });
}

/** A URL in which `${NAME}` stands for an environment variable. */
export function urlField(env: NodeJS.ProcessEnv, schemes: readonly string[]) {
  return z.string().transform((template, context) => {
    const { text, missing } = substituteEnv(template, env);
    for (const name of missing) {
      refuseField(
        context,
        'CONFIG_ENV_MISSING',
        `the environment variable ${name} is not set`,
        `Set it (export ${name}=https://…), or write the URL itself in the config.`,
      );
    }
    if (missing.length > 0) return z.NEVER;

    const scheme = URL.canParse(text) ? new URL(text).protocol.replace(/:$/, '') : null;
    if (scheme === null || !schemes.includes(scheme) || new URL(text).host === '') {
      refuseField(
        context,
        'CONFIG_BAD_URL',
        `${redactUrl(text)} is not a URL that starts with ${orList(schemes.map((name) => `${name}://`))}`,
        'Write the whole URL of the endpoint, with its scheme, e.g. http://localhost:8545.',
      );
    }
    return text;
  });
}

/** One URL or a list of them, as a list. */
export function urlListField(env: NodeJS.ProcessEnv, schemes: readonly string[]) {
  const url = urlField(env, schemes);
  const list = z.array(url).min(1);
  const one = url.transform((text) => [text]);
  return z.any().transform((value, context): [string, ...string[]] => {
    const parsed = (Array.isArray(value) ? list : one).safeParse(value);
    const [first, ...more] = parsed.data ?? [];
    if (first !== undefined) return [first, ...more];
    for (const issue of parsed.error?.issues ?? []) context.issues.push({ ...issue, input: value });
    return z.NEVER;
  });
}

/** A contract address in lower case; a mixed-case one must have the right EIP-55 checksum. */
export const addressField = z.string().transform((text, context): Address => {
  const hint =
    'Copy the address of the token contract from a block explorer: 0x and 40 hex digits.';
  if (!/^0x[0-9a-fA-F]{40}$/.test(text)) {
    refuseField(
      context,
      'CONFIG_BAD_ADDRESS',
      `"${text}" is not an address (${faultOf(text)})`,
      hint,
    );
    return z.NEVER;
  }
  const digits = text.slice(2);
  const isOneCase = digits === digits.toLowerCase() || digits === digits.toUpperCase();
  const right = getAddress(text.toLowerCase());
  if (!isOneCase && text !== right) {
    refuseField(
      context,
      'CONFIG_BAD_ADDRESS',
      `"${text}" has a wrong checksum: a digit may be mistyped`,
      `Compare it with a block explorer. If every digit is right, write ${right}.`,
    );
  }
  return `0x${digits.toLowerCase()}`;
});

function faultOf(text: string): string {
  if (!text.startsWith('0x')) return 'it does not start with 0x';
  if (/[^0-9a-fA-F]/.test(text.slice(2))) return 'it has other characters than hex digits';
  return `it has ${text.length - 2} hex digits in place of 40`;
}

function orList(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}
