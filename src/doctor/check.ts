import { redactText } from '../config/redact.js';
import { ImoError } from '../errors.js';
import { type Finding, type FindingKinds, makersOf } from './finding.js';

/** One question about a part of the set-up. It reads, and changes nothing. */
export interface Check<Subject> {
  readonly name: string;
  /** All that it can find. */
  readonly kinds: FindingKinds;
  run(subject: Subject): Promise<readonly Finding[]>;
}

/** A check that was run. */
export interface CheckRun {
  readonly check: string;
  readonly about: string;
  readonly seconds: number;
  readonly findings: readonly Finding[];
}

const KINDS = {
  CHECK_TIMED_OUT: {
    severity: 'warning',
    means: 'a check had no answer within its time limit',
    remedy: 'Run `imo-ledger doctor` again; if it happens again, what it names is overloaded.',
  },
  CHECK_FAILED: {
    severity: 'error',
    means: 'a check could not be made',
    remedy: 'Correct what the message names, then run `imo-ledger doctor` again.',
  },
} as const satisfies FindingKinds;

const found = makersOf(KINDS);

/** What every check can find. */
export const COMMON_KINDS: FindingKinds = KINDS;

const LIMIT_MS = 20_000;

/** Runs checks, each within its time limit, and keeps what they found in the order of their start. */
export class Examination {
  private readonly runs: (CheckRun | null)[] = [];

  constructor(private readonly limitMs = LIMIT_MS) {}

  /** All checks that have ended. */
  get results(): readonly CheckRun[] {
    return this.runs.filter((run) => run !== null);
  }

  /** Runs checks of one subject at once. */
  async all<Subject>(
    checks: readonly Check<Subject>[],
    about: string,
    subject: Subject,
  ): Promise<void> {
    await Promise.all(
      checks.map(({ name, run }) =>
        this.run(name, about, async () => ({ findings: await run(subject) })),
      ),
    );
  }

  /**
   * Runs one piece of work that also brings something: what later checks are about.
   *
   * @returns `null` where the work failed or took too long
   */
  async run<T extends { readonly findings: readonly Finding[] }>(
    check: string,
    about: string,
    work: () => Promise<T>,
  ): Promise<T | null> {
    const place = this.runs.push(null) - 1;
    const startedAt = performance.now();
    const end = (findings: readonly Finding[]) => {
      const seconds = (performance.now() - startedAt) / 1000;
      this.runs[place] = { check, about, seconds, findings };
    };
    try {
      const result = await withinTime(work(), this.limitMs);
      if (result === null) {
        const seconds = this.limitMs / 1000;
        end([
          found.CHECK_TIMED_OUT(about, `the check "${check}" had no answer within ${seconds} s`),
        ]);
        return null;
      }
      end(result.findings);
      return result;
    } catch (error) {
      const remedy = error instanceof ImoError ? error.hint : undefined;
      end([
        found.CHECK_FAILED(about, `the check "${check}" failed: ${failureText(error)}`, remedy),
      ]);
      return null;
    }
  }
}

/** Why something failed, in one line and without secrets. */
export function failureText(error: unknown): string {
  // A host with several addresses fails with one error for each of them and no message.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const text = first instanceof Error ? first.message : String(first);
  return redactText(text).replaceAll(/\s*\n\s*/g, '; ');
}

/** `null`: the work took longer. */
export async function withinTime<T>(work: Promise<T>, milliseconds: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), milliseconds);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
