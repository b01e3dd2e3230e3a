// Joins the compiled command line into few files, in dist/program: `npm run build:program`.
// Node.js takes half of a second longer to load 700 files one by one than to load these.
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/** Packages of hundreds of small modules. The others are loaded from node_modules as they are. */
const JOINED = [/^ethers$/, /^@adraffy\//, /^@noble\//, /^aes-js$/, /^zod$/, /^zod-openapi$/];

await build({
  configFile: false,
  root: fileURLToPath(new URL('..', import.meta.url)),
  logLevel: 'error',
  ssr: { noExternal: JOINED },
  build: {
    ssr: true,
    rolldownOptions: {
      input: {
        main: 'dist/src/cli/main.js',
        statementWorker: 'dist/src/export/statement/make/statementWorker.js',
      },
    },
    outDir: 'dist/program',
    emptyOutDir: true,
    target: 'node20',
    minify: false,
    // The notices that the licences of the joined packages ask for.
    license: { fileName: 'LICENSES.md' },
  },
});
