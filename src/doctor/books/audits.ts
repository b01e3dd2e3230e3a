import { checksummed } from '../../address.js';
import { readAuditSummaries, readDisagreements } from '../../store/read/audits/audits.js';
import { continues } from '../../store/registry/continues.js';
import { readUnaudited } from '../../store/write/firstAudits.js';
import type { Check } from '../check.js';
import { type Finding, type FindingKinds, makersOf } from '../finding.js';
import type { BooksSubject } from './books.js';

const KINDS = {
  FIRST_AUDIT_OPEN: {
    severity: 'warning',
    means: 'the figures of a token were not compared with its contract since its backfill',
    remedy: 'Run `imo-ledger index`: it makes the first audit when it has caught up.',
  },
  AUDIT_MISMATCH: {
    severity: 'error',
    means: 'figures of the books differ from the contracts',
    remedy:
      'Run `imo-ledger audit` to see every figure that differs, and the operations before it.',
  },
  AUDIT_OFF: {
    severity: 'note',
    means: 'a chain has `audit: false`: nothing is compared while the chain is followed',
    remedy: 'Delete `audit: false` from the config, or run `imo-ledger audit` from time to time.',
  },
} as const satisfies FindingKinds;

const found = makersOf(KINDS);

/** Tokens that have a line each. */
const NAMED_AT_MOST = 5;

/** Whether the books were compared with the contracts, and agree. */
export const audits: Check<BooksSubject> = {
  name: 'audits',
  kinds: KINDS,
  async run({ chain, pool }) {
    const open = (await readUnaudited(pool, chain.id)).filter(continues);
    const off = found.AUDIT_OFF(chain.name, 'the config has `audit: false`');
    return [
      ...openAudits(open.map(({ token }) => checksummed(token))).map((what) =>
        found.FIRST_AUDIT_OPEN(chain.name, what),
      ),
      ...(await mismatches({ chain, pool })),
      ...(chain.audit == null ? [off] : []),
    ];
  },
};

/** A factory may have made hundreds of tokens: so many lines would hide the other findings. */
export function openAudits(tokens: readonly string[]): string[] {
  if (tokens.length <= NAMED_AT_MOST) {
    return tokens.map((token) => `token ${token} waits for its first audit`);
  }
  const named = tokens.slice(0, NAMED_AT_MOST).join(', ');
  return [`${tokens.length} tokens wait for their first audit; the first are ${named}`];
}

async function mismatches({
  chain,
  pool,
}: Pick<BooksSubject, 'chain' | 'pool'>): Promise<Finding[]> {
  const count = (await readAuditSummaries(pool)).get(chain.id)?.mismatches ?? 0;
  const first = (await readDisagreements(pool, 1)).find(({ chainId }) => chainId === chain.id);
  if (first === undefined) return [];
  const { figure, token, block, ours, contract } = first;
  const theirs = contract === null ? 'the contract reverts' : `the contract says ${contract}`;
  const differs =
    `${Math.max(count, 1)} figures differ; the first is ${figure} of ${checksummed(token)} ` +
    `at block ${block}: the books say ${ours}, ${theirs}`;
  return [found.AUDIT_MISMATCH(chain.name, differs)];
}
