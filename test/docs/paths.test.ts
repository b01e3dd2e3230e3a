import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** Text in backticks that begins with a folder or a file of the repository. */
const NAMED =
  /`((?:src|test|docs|db|schema|scripts|devnet|bench|contracts|abi|bin|dashboard)\/[^`\s<>*]*|[\w.-]+\.(?:graphql|json|yaml))`/g;

test.each(['ARCHITECTURE.md', 'CONTRIBUTING.md', 'GLOSSARY.md'])(
  'every path that %s names exists',
  (page) => {
    const named = [...readFileSync(page, 'utf8').matchAll(NAMED)].map(([, path = '']) => path);
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((path) => !existsSync(path))).toEqual([]);
  },
);
