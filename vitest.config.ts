import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longestFirst.js';

export default defineConfig({
  resolve: {
    // Two copies of graphql (one CommonJS, one ESM) do not know each other's types.
    alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }],
  },
  test: {
    include: ['test/**/*.test.ts'],
    isolate: false,
    setupFiles: ['test/support/everyFile.ts'],
    globalSetup: ['test/support/globalSetup.ts'],
    // Real servers and chains run beside the tests; the machine of the CI has two cores.
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
