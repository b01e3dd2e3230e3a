import { setTimeout as delay } from 'node:timers/promises';
import { Random } from '../fuzz/random.js';

/** What an honest client was answered. */
export interface HonestReport {
  readonly requests: number;
  /** Answers that were not 200, or had an error. */
  readonly refused: readonly string[];
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** Whom and what it asks about. */
export interface HonestOptions {
  readonly url: string;
  readonly accounts: readonly string[];
  /** How long, or how many questions. */
  readonly seconds?: number;
  readonly questions?: number;
  readonly seed: number;
  /** Whether it comes through a proxy; else from this machine itself. Default: yes. */
  readonly isForwarded?: boolean;
}

const ADDRESS = '198.51.100.1';
/** Between two questions: fewer in a minute than a client may ask. */
const EVERY_MS = 60;

/** Cheap questions, one after the other. */
export async function askHonestly({
  url,
  accounts,
  seconds = Number.POSITIVE_INFINITY,
  questions = Number.POSITIVE_INFINITY,
  seed,
  isForwarded = true,
}: HonestOptions): Promise<HonestReport> {
  const endsAt = performance.now() + seconds * 1_000;
  const random = new Random(seed);
  const times: number[] = [];
  const refused: string[] = [];
  while (performance.now() < endsAt && times.length < questions) {
    const account = random.pick(accounts);
    const request = random.pick(HONEST_REQUESTS)(account);
    const startedAt = performance.now();
    const fault = await honestFault(url, request, isForwarded);
    times.push(performance.now() - startedAt);
    if (fault !== null) refused.push(fault);
    await delay(EVERY_MS);
  }
  const sorted = times.toSorted((left, right) => left - right);
  const at = (part: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
  return { requests: times.length, refused, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) };
}

interface HonestRequest {
  readonly path: string | null;
  readonly query: string;
  readonly variables: Readonly<Record<string, string>>;
}

const HOLDER = `query ($address: Address!) {
  holder(address: $address) {
    positions { balance token { symbol } entitlement { totalClaimableWei claimedWei } }
  }
}`;
const CLAIM_PLAN = `query ($address: Address!) {
  claimPlan(address: $address) { steps { claims { snapshotId pays { amount } } } }
}`;

const HONEST_REQUESTS: readonly ((account: string) => HonestRequest)[] = [
  () => ({ path: null, query: '{ status { chainId indexed { block } } }', variables: {} }),
  (address) => ({ path: null, query: HOLDER, variables: { address } }),
  (address) => ({ path: null, query: CLAIM_PLAN, variables: { address } }),
  () => ({ path: '/health', query: '', variables: {} }),
];

async function honestFault(
  url: string,
  { path, query, variables }: HonestRequest,
  isForwarded: boolean,
): Promise<string | null> {
  const headers = {
    'content-type': 'application/json',
    ...(isForwarded ? { 'x-forwarded-for': ADDRESS } : {}),
  };
  try {
    const response =
      path === null
        ? await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query, variables }) })
        : await fetch(url.replace('/graphql', path), { headers });
    const text = await response.text();
    const isAnswer = response.status === 200 && !text.includes('"errors"');
    return isAnswer ? null : `${response.status} ${text.slice(0, 200)}`;
  } catch (error) {
    return String(error);
  }
}
