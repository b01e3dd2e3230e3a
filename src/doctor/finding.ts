import { redactText } from '../config/redact.js';

/** `error`: something does not work or is wrong; `warning`: it will not work well; `note`: good to know. */
export type Severity = 'error' | 'warning' | 'note';

/** What a check can find, under its stable code. */
export interface FindingKind {
  readonly severity: Severity;
  /** What is wrong, in general; for docs/doctor.md. */
  readonly means: string;
  /** What to do, in one sentence. */
  readonly remedy: string;
}

export type FindingKinds = Readonly<Record<string, FindingKind>>;

/** Something that should change. None of its texts contains a secret. */
export interface Finding {
  /** Stable, upper case, e.g. `NODE_NO_TRACES`. */
  readonly code: string;
  readonly severity: Severity;
  /** Which part of the set-up, e.g. `ethereum https://node.example`. */
  readonly about: string;
  /** What the check saw, with the value. */
  readonly found: string;
  readonly remedy: string;
}

/** Makes a finding of one kind. A remedy of the case replaces that of the kind. */
export type MakeFinding = (about: string, found: string, remedy?: string) => Finding;

/** For each code, what makes a finding of it. */
export function makersOf<Code extends string>(
  kinds: Readonly<Record<Code, FindingKind>>,
): Readonly<Record<Code, MakeFinding>> {
  const makers = Object.entries<FindingKind>(kinds).map(([code, kind]): [string, MakeFinding] => [
    code,
    (about, found, remedy = kind.remedy) => ({
      code,
      severity: kind.severity,
      about,
      found: redactText(found),
      remedy,
    }),
  ]);
  return Object.fromEntries(makers) as Record<Code, MakeFinding>;
}
