import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longestFirst.js';
import { PROJECT_NAMES, type ProjectName, testFilesByProject } from './test/support/projects.js';
import { compiledSources, LOADED_BY_NODE } from './test/support/setup/compiledSources.js';
import { isWholeRun } from './test/support/wholeRun.js';

const MEMORY = 'test/support/setup/memoryDisk.ts';
const POSTGRES = 'test/support/setup/postgres.ts';
const PAGE = 'test/support/setup/page.ts';
const COMPILE = 'test/support/setup/compile.ts';
/** What is made once for all test files of a project. */
const SETUPS: Readonly<Record<ProjectName, readonly string[]>> = {
  // Node.js itself loads other modules in the place of some: only compiled ones.
  promises: [POSTGRES, COMPILE],
  // The page links statements, which a thread of the compiled program makes.
  browser: [POSTGRES, COMPILE, PAGE],
  cli: [POSTGRES, COMPILE],
  api: [POSTGRES, PAGE],
  chain: [POSTGRES],
  store: [POSTGRES],
  unit: [],
};

const files = testFilesByProject();

/** The projects, each with what its files need. */
const apart = PROJECT_NAMES.map((name) => ({
  name,
  include: [...files[name]],
  setups: SETUPS[name],
  isolate: name === 'promises',
  plugins: name === 'promises' ? [compiledSources()] : [],
}));

/**
 * A run of all tests has one project: each worker loads the modules once, and not for each project. All but the test
 * files themselves are the compiled ones.
 */
const together = [
  ...apart.filter(({ isolate }) => isolate),
  {
    name: 'tests',
    include: apart.flatMap(({ isolate, include }) => (isolate ? [] : include)),
    setups: [POSTGRES, COMPILE, PAGE],
    isolate: false,
    plugins: [compiledSources()],
  },
];

export default defineConfig({
  resolve: {
    // Two copies of graphql (one CommonJS, one ESM) do not know each other's types.
    alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }],
  },
  test: {
    // Test files of a project share the modules of their worker: loading them is dear.
    isolate: false,
    // The projects transform the same modules.
    experimental: { fsModuleCache: true },
    // Most objects die young, and each small collection takes time. Helper threads would take it from other workers.
    execArgv: ['--max-semi-space-size=64', '--single-threaded-gc'],
    setupFiles: ['test/support/setup/everyFile.ts'],
    // Tests wait for servers and chains: one worker more than the two cores of the CI.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    // Only what hangs takes so long, whatever else the machine does.
    expect: { poll: { timeout: 170_000, interval: 20 } },
    testTimeout: 180_000,
    hookTimeout: 180_000,
    projects: (isWholeRun(process.argv) ? together : apart).map(
      ({ name, include, setups, isolate, plugins }) => ({
        extends: true,
        plugins,
        test: {
          name,
          include,
          // The first is the last that ends.
          globalSetup: [MEMORY, ...setups],
          isolate,
          server: { deps: { external: [LOADED_BY_NODE] } },
        },
      }),
    ),
  },
});
