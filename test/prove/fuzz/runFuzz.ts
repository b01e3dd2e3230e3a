import { Random } from './random.js';
import { HOSTILE_REQUESTS, type HostileRequest } from './requests.js';
import type { Outcome, Target } from './target.js';

export interface FuzzReport {
  /** By status; `cut`: the connection was closed without an answer. */
  readonly statuses: ReadonlyMap<string, number>;
  /** What must not be. */
  readonly violations: readonly string[];
}

/** Of a stack, of SQL or of the inside of the machine. */
const INSIDE =
  /\n\s+at \S+ \(|node_modules|\/src\/|file:\/\/|\bSELECT\b.*\bFROM\b|pg_catalog|syntax error at or near|postgres(ql)?:\/\//;

/** Sends so many hostile requests, and holds every answer against what is allowed. */
export async function runFuzz(
  target: Target,
  options: {
    readonly requests: number;
    readonly seed: number;
    readonly atOnce?: number;
    readonly onProgress?: (done: number) => void;
  },
): Promise<FuzzReport> {
  const { requests, seed, atOnce = 16, onProgress } = options;
  const statuses = new Map<string, number>();
  const violations: string[] = [];
  let started = 0;
  const worker = async () => {
    while (started < requests) {
      const number = started++;
      // Of its own: what is asked must not depend on which answer came first.
      const random = new Random(seed * 1_000_003 + number);
      const request = chosen(random);
      const where = `request ${number} (${request.name})`;
      try {
        const outcome = await request.send(target, random);
        const name = outcome.status === null ? 'cut' : String(outcome.status);
        statuses.set(name, (statuses.get(name) ?? 0) + 1);
        const fault = faultOf(outcome);
        if (fault !== null) violations.push(`${where}: ${fault}`);
      } catch (error) {
        violations.push(`${where}: no answer: ${String(error)}`);
      }
      onProgress?.(number + 1);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return { statuses, violations };
}

/** What is wrong about an answer; `null`: nothing. */
function faultOf({ status, body }: Outcome): string | null {
  const shown = body.slice(0, 300);
  if (status !== null && status >= 500) {
    // Not ready (strangers get no reasons, and HEAD no body), or the database is away.
    const isDeliberate = status === 503 && (body === '' || /"code"|"ready": false/.test(body));
    if (!isDeliberate) return `status ${status}: ${shown}`;
  }
  if (body.includes('"INTERNAL"')) return `an error that nobody foresaw: ${shown}`;
  if (INSIDE.test(body) && !body.includes('<html')) return `something of the inside: ${shown}`;
  return null;
}

const WEIGHTS = HOSTILE_REQUESTS.reduce((sum, { weight }) => sum + weight, 0);

function chosen(random: Random): HostileRequest {
  let place = random.below(WEIGHTS);
  for (const request of HOSTILE_REQUESTS) {
    place -= request.weight;
    if (place < 0) return request;
  }
  throw new RangeError('no request was chosen');
}
