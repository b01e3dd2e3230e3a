import type { Finding, Severity } from '../../doctor/finding.js';
import type { DoctorReport } from '../../doctor/run.js';
import { programVersion } from '../../programVersion.js';

/** The list of all codes. */
const DOCS = 'docs/doctor.md#codes';
const SEVERITIES: readonly Severity[] = ['error', 'warning', 'note'];

/** For people: each finding in three lines, and the verdict in the last line. */
export function doctorText({ findings, checks, seconds }: DoctorReport): string {
  const counts = SEVERITIES.map((severity) => ({ severity, count: countOf(findings, severity) }));
  const some = counts.filter(({ count }) => count > 0);
  const verdict =
    some.length === 0
      ? 'nothing to change'
      : some
          .map(({ severity, count }) => `${count} ${severity}${count === 1 ? '' : 's'}`)
          .join(', ');
  return `${findings.map(findingText).join('')}${checks.length} checks in ${seconds.toFixed(1)} s: ${verdict}\n`;
}

/** For programs: one object. */
export function doctorJson({ findings, checks, seconds }: DoctorReport): string {
  const count = (severity: Severity) => countOf(findings, severity);
  const document = {
    version: programVersion(),
    seconds: rounded(seconds),
    errors: count('error'),
    warnings: count('warning'),
    notes: count('note'),
    findings: findings.map((finding) => ({ ...finding, docs: DOCS })),
    checks: checks.map((run) => ({
      ...run,
      seconds: rounded(run.seconds),
      findings: run.findings.map(({ code }) => code),
    })),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function findingText(finding: Finding): string {
  const { severity, code, about, found, remedy } = finding;
  return `${severity} ${code} ${about}: ${found}\n  do: ${remedy}\n  docs: ${DOCS}\n`;
}

function rounded(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}

function countOf(findings: readonly Finding[], severity: Severity): number {
  return findings.filter((finding) => finding.severity === severity).length;
}
