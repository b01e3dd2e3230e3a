import { join } from 'node:path';
import { defineConfig } from 'vite';

/**
 * The pieces for pages of others: a build of their own, so that they share no file with the page and stay small. The
 * entry keeps its name; what it loads is named by its content.
 */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  publicDir: false,
  build: {
    outDir: '../dist/dashboard',
    emptyOutDir: false,
    modulePreload: false,
    target: 'es2022',
    rolldownOptions: {
      input: join(import.meta.dirname, 'embed/imo-ledger.ts'),
      output: {
        entryFileNames: 'embed/[name].js',
        chunkFileNames: 'assets/[name]-[hash].js',
      },
    },
  },
  logLevel: 'warn',
});
