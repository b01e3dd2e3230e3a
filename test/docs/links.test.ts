import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';

const PAGES = [
  ...readdirSync('docs')
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
  ...readdirSync('.').filter((name) => name.endsWith('.md')),
];
const SOURCES = ['src', 'test', 'devnet', 'contracts'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|sol)$/.test(name))
    .map((name) => join(folder, name)),
);

/** The anchors of a page: one for each heading, as hosts of Markdown make them. */
function anchorsOf(page: string): ReadonlySet<string> {
  const prose = readFileSync(page, 'utf8').replace(/^```[\s\S]*?^```/gm, '');
  return new Set(
    [...prose.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
      title
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replaceAll(' ', '-'),
    ),
  );
}

/** What is wrong with a link to `target`, or null. */
function faultOf(target: string, anchor: string | undefined): string | null {
  if (!existsSync(target)) return 'does not exist';
  if (anchor === undefined || !target.endsWith('.md')) return null;
  return anchorsOf(target).has(anchor) ? null : `has no section #${anchor}`;
}

describe('references to documents', () => {
  test.each(PAGES)('every link of %s leads to a file and a section that exist', (page) => {
    const links = [
      ...readFileSync(page, 'utf8').matchAll(/\]\((?!\w+:)([^)#\s]*)(?:#([^)]+))?\)/g),
    ];
    const faults = links.flatMap(([link, path = '', anchor]) => {
      const target = path === '' ? page : normalize(join(dirname(page), path));
      const fault = faultOf(target, anchor);
      return fault === null ? [] : [`${link}: ${target} ${fault}`];
    });
    expect(faults).toEqual([]);
  });

  test('every page that the code names exists, with the section', () => {
    const named = SOURCES.flatMap((file) =>
      [
        ...readFileSync(file, 'utf8').matchAll(/\b(docs\/\w+\.md)(?:#([\w-]+)(?:, #([\w-]+))?)?/g),
      ].map(([, page = '', ...anchors]) => ({ file, page, anchors })),
    );
    expect(named.length).toBeGreaterThan(80);
    const faults = named.flatMap(({ file, page, anchors }) =>
      [undefined, ...anchors].flatMap((anchor) => {
        const fault = faultOf(page, anchor);
        return fault === null ? [] : [`${file}: ${page} ${fault}`];
      }),
    );
    expect(faults).toEqual([]);
  });
});
