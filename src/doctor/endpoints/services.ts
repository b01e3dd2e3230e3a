import { redactUrl } from '../../config/redact.js';
import type { SqdEndpoint } from '../../config/source/sqd.js';
import type { ChainConfig } from '../../config/types.js';
import { type Check, failureText } from '../check.js';
import { type Finding, type FindingKinds, makersOf } from '../finding.js';

const ANSWER_WITHIN_MS = 5_000;

const KINDS = {
  SERVICE_UNREACHABLE: {
    severity: 'warning',
    means: 'the SQD Portal or gateway of a chain does not answer, or refuses its key',
    remedy:
      'Correct `portal` or `gateway` of the chain and its key, or delete it: blocks are then found by RPC.',
  },
} as const satisfies FindingKinds;

const found = makersOf(KINDS);

/** Whether the services that find final blocks say how far they are. */
export const services: Check<ChainConfig> = {
  name: 'services',
  kinds: KINDS,
  async run({ name, portal, gatewayUrl, gatewayKey = null }) {
    const gateway = gatewayUrl === null ? null : { url: gatewayUrl, key: gatewayKey };
    const answers = await Promise.all([
      portal == null ? [] : ask(name, portal, 'finalized-head'),
      gateway === null ? [] : ask(name, gateway, 'height'),
    ]);
    return answers.flat();
  },
};

async function ask(chain: string, { url, key }: SqdEndpoint, path: string): Promise<Finding[]> {
  const about = `${chain} ${redactUrl(url)}`;
  try {
    const { ok, status } = await fetch(`${url.replace(/\/$/, '')}/${path}`, {
      headers: key === null ? {} : { authorization: `Bearer ${key}` },
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    return ok ? [] : [found.SERVICE_UNREACHABLE(about, `it answered HTTP ${status} to /${path}`)];
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    return [found.SERVICE_UNREACHABLE(about, failureText(cause))];
  }
}
