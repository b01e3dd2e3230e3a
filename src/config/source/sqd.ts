import { z } from 'zod';
import { refuseField, urlField } from '../file/fields.js';
import { substituteEnv } from '../file/substitute.js';

/** A service of SQD that finds blocks. */
export interface SqdEndpoint {
  /** Of one dataset. May contain a key. */
  readonly url: string;
  /** Sent as `Authorization: Bearer`; `null`: none. */
  readonly key: string | null;
}

/** Where the key comes from if the config names none; it goes to SQD's own hosts only. */
const KEY_VARIABLE = 'SQD_API_KEY';
const EXAMPLE = `"$\{${KEY_VARIABLE}}"`;
const OWN_HOSTS = /(^|\.)(sqd\.dev|sqd\.ai|subsquid\.io|subsquid\.dev)$/;

/** Keys below `portal` and `gateway`. */
export const SQD_KEYS: Readonly<Record<string, readonly string[]>> = {
  portal: ['url', 'key'],
  gateway: ['url', 'key'],
};

export const SQD_KEY_HINTS: Readonly<Record<string, string>> = {
  portal:
    'Write the URL of a dataset of an SQD Portal, e.g. `portal: https://portal.sqd.dev/datasets/ethereum-mainnet`, or leave it out.',
  gateway: `Write the URL of an SQD v2 gateway with its key, \`gateway: {url: https://…, key: ${EXAMPLE}}\`, or leave it out.`,
  url: 'Write the whole URL, with its scheme.',
  key: `Write the environment variable that has the key, e.g. \`key: ${EXAMPLE}\`, or leave it out.`,
};

/** `URL`, or `{url, key}`. */
export function sqdField(env: NodeJS.ProcessEnv) {
  const url = urlField(env, ['http', 'https']);
  const key = z.string().transform((template, context) => {
    const { text, missing } = substituteEnv(template, env);
    for (const name of missing) {
      const hint = `Set it (export ${name}=…), or leave \`key\` out.`;
      refuseField(
        context,
        'CONFIG_ENV_MISSING',
        `the environment variable ${name} is not set`,
        hint,
      );
    }
    // A header cannot carry anything else, and its error would show the key.
    if (missing.length === 0 && !/^[\x21-\x7e]+$/.test(text)) {
      const hint = 'Copy the key again: letters, digits and signs without spaces.';
      refuseField(context, 'CONFIG_INVALID', 'the key contains invalid characters', hint);
    }
    return missing.length > 0 ? z.NEVER : text;
  });
  const whole = z.strictObject({ url, key: key.nullish() });
  const short = url.transform((text) => ({ url: text, key: null }));
  return z.any().transform((value, context): SqdEndpoint => {
    const parsed = (typeof value === 'string' ? short : whole).safeParse(value);
    for (const issue of parsed.error?.issues ?? []) context.issues.push({ ...issue, input: value });
    if (!parsed.success) return z.NEVER;
    return { url: parsed.data.url, key: parsed.data.key ?? keyFor(parsed.data.url, env) };
  });
}

function keyFor(url: string, env: NodeJS.ProcessEnv): string | null {
  const key = env[KEY_VARIABLE];
  return key && OWN_HOSTS.test(new URL(url).hostname) ? key : null;
}
