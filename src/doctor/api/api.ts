import { z } from 'zod';
import { redactUrl } from '../../config/redact.js';
import { type Check, failureText } from '../check.js';
import { type Finding, type FindingKinds, makersOf } from '../finding.js';
import { withoutPartsOf } from '../withoutParts.js';

const ANSWER_WITHIN_MS = 8_000;
/** A reorg may take back so many between two questions. */
const BEHIND_BLOCKS = 3;

const KINDS = {
  API_UNREACHABLE: {
    severity: 'error',
    means: 'the API does not answer',
    remedy:
      'Start `imo-ledger serve`, name its URL with --api, or use --no-api where none is to run.',
  },
  API_REFUSES: {
    severity: 'error',
    means:
      'what answers at the URL of the API is not an imo-ledger, or refuses the question for the status',
    remedy: 'Name the GraphQL URL with --api, e.g. http://127.0.0.1:4350/graphql.',
  },
  API_BEHIND: {
    severity: 'warning',
    means: 'the API serves older blocks than the database has, or lacks a chain',
    remedy:
      'Check that DATABASE_URL of `imo-ledger serve` names the same database, or a standby that keeps up.',
  },
} as const satisfies FindingKinds;

const found = makersOf(KINDS);

export interface ApiSubject {
  /** Of GraphQL. */
  readonly url: string;
  /** Newest indexed block by chain id, read before the API is asked; `null`: not known. */
  heads(): Promise<ReadonlyMap<number, number> | null>;
  /** It answers listed queries only, and this one is not in the list. */
  readonly isListedOnly: boolean;
}

const QUERY = '{ status { chainId indexed { block } } }';
const answer = z.object({
  data: z.object({
    status: z.array(
      z.object({ chainId: z.int(), indexed: z.object({ block: z.int() }).nullable() }),
    ),
  }),
});
const refusal = z.object({
  errors: z.array(z.object({ message: z.string() })).min(1),
});

/** Whether the API answers, and with what the database has. */
export const api: Check<ApiSubject> = {
  name: 'api',
  kinds: KINDS,
  async run({ url, heads, isListedOnly }) {
    const about = `API ${redactUrl(url)}`;
    const indexed = await heads();
    let body: unknown;
    try {
      body = await ask(url);
    } catch (error) {
      const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
      return [found.API_UNREACHABLE(about, withoutPartsOf(url, failureText(cause)))];
    }
    const parsed = answer.safeParse(body);
    if (parsed.success) return behind(about, parsed.data.data.status, indexed);
    const { data: refused } = refusal.safeParse(body);
    if (refused !== undefined && isListedOnly) return [];
    const said =
      refused === undefined ? 'not as a GraphQL API' : failureText(refused.errors[0]?.message);
    return [found.API_REFUSES(about, `it answered: ${withoutPartsOf(url, said)}`)];
  },
};

async function ask(url: string): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ query: QUERY }),
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
  });
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function behind(
  about: string,
  status: z.infer<typeof answer>['data']['status'],
  indexed: ReadonlyMap<number, number> | null,
): Finding[] {
  const served = new Map(status.map(({ chainId, indexed: newest }) => [chainId, newest?.block]));
  return [...(indexed ?? [])].flatMap(([chainId, block]) => {
    const newest = served.get(chainId);
    if (newest !== undefined && block - newest <= BEHIND_BLOCKS) return [];
    const says = newest === undefined ? 'does not have it' : `is at block ${newest}`;
    return [
      found.API_BEHIND(
        about,
        `the database has chain ${chainId} up to block ${block}; the API ${says}`,
      ),
    ];
  });
}
