import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/**
 * What a test needs, the most expensive need first. A test file belongs to the first project one of whose
 * modules it imports, by itself or through other modules of `test` and `devnet`.
 */
const NEEDS = {
  /** A real browser. */
  browser: ['test/support/programs/browser.ts'],
  /** The compiled program, in processes of its own. */
  cli: [
    'test/support/programs/cli.ts',
    'test/prove/faults/indexProcess.ts',
    'test/prove/reader/surfaces/cli.ts',
    'test/support/programs/compiled.ts',
  ],
  /** A server of the API. */
  api: ['test/api/support.ts', 'src/api/server.ts'],
  /** A local chain. */
  chain: ['devnet/anvil.ts'],
  /** A database. */
  store: [
    'test/support/databases/postgres.ts',
    'test/support/databases/postgresServer.ts',
    'src/store/embedded/embedded.ts',
  ],
  /** Nothing of these. */
  unit: [],
} as const satisfies Record<string, readonly string[]>;

/**
 * Files that put a toy into a registry: they need modules of their own, so that no other file sees it.
 */
const WITH_TOYS = 'test/promises/';

export type ProjectName = keyof typeof NEEDS | 'promises';
export const PROJECT_NAMES: readonly ProjectName[] = [
  'promises',
  ...(Object.keys(NEEDS) as (keyof typeof NEEDS)[]),
];

const IMPORT = /^(?:import|export)\s+(?!type\b)[^;]*?from\s+'(\.[^']+)'|\bimport\('(\.[^']+)'/gm;
/** The modules with imports that show what a test needs. Other imports of `src` do not count. */
const FOLLOWED = /^(test|devnet|bench)\//;

/** The test files of each project, as paths from the root of the repository. */
export function testFilesByProject(): Readonly<Record<ProjectName, readonly string[]>> {
  const files = readdirSync('test', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join('test', name))
    .toSorted();
  const imports = new Imports();
  const projects = files.map((file) => ({ file, project: projectOf(file, imports) }));
  return Object.fromEntries(
    PROJECT_NAMES.map((name) => [
      name,
      projects.filter(({ project }) => project === name).map(({ file }) => file),
    ]),
  ) as Record<ProjectName, string[]>;
}

function projectOf(file: string, imports: Imports): ProjectName {
  if (file.startsWith(WITH_TOYS)) return 'promises';
  const modules = imports.reachedFrom(file);
  const needs = Object.entries(NEEDS) as [keyof typeof NEEDS, readonly string[]][];
  return needs.find(([, needed]) => needed.some((module) => modules.has(module)))?.[0] ?? 'unit';
}

class Imports {
  private readonly known = new Map<string, readonly string[]>();

  reachedFrom(file: string): ReadonlySet<string> {
    const reached = new Set([file]);
    for (const module of reached) for (const next of this.of(module)) reached.add(next);
    return reached;
  }

  private of(module: string): readonly string[] {
    if (!FOLLOWED.test(module) || !existsSync(module)) return [];
    const known = this.known.get(module);
    if (known !== undefined) return known;
    const found = [...readFileSync(module, 'utf8').matchAll(IMPORT)].map(([, static_, dynamic]) =>
      normalize(join(dirname(module), static_ ?? dynamic ?? '')).replace(/\.js$/, '.ts'),
    );
    this.known.set(module, found);
    return found;
  }
}
