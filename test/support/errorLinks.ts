import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { PROJECT_ROOT } from '../../src/projectRoot.js';

const PAGE = readFileSync(join(PROJECT_ROOT, 'docs/errors.md'), 'utf8');
const CODES = [...PAGE.matchAll(/^### (.+)$/gm)].map(([, code = '']) => code);

/** An error has to link the section of docs/errors.md for its code, and that has to exist. */
export function expectLinked({ code, docs }: { code: string; docs?: unknown }): void {
  expect(CODES).toContain(code);
  expect(docs).toBe(`docs/errors.md#${code.toLowerCase()}`);
}

/** All errors that the command line has printed. */
export function expectLinkedIn(stderr: string): void {
  const codes = [...stderr.matchAll(/^error ([A-Z][A-Z0-9_]+): /gm)].map(([, code = '']) => code);
  const links = [...stderr.matchAll(/^docs: (.*)$/gm)].map(([, docs = '']) => docs);
  expect(links).toHaveLength(codes.length);
  for (const [index, code] of codes.entries()) expectLinked({ code, docs: links[index] });
}
